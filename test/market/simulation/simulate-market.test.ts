import assert from 'node:assert/strict';
import type { BarSeries } from '../../../src/domain/market/bars.js';
import { sessionStarts } from '../../../src/domain/market/bars.js';
import { computeFeatures } from '../../../src/market/features/compute-features.js';
import { SIMULATED_MARKET } from '../../../src/market/simulation/market-model.js';
import type { Simulation } from '../../../src/market/simulation/create-simulation.js';
import { REGULAR_MINUTES, volatilityShape } from '../../../src/market/simulation/seasonality.js';
import { simulatedInstrument, simulatedSessions, testSimulation } from '../../support/market/simulation.js';

const SESSIONS = 250;
const columns = ['open', 'high', 'low', 'close', 'volume', 'openTime', 'closeTime'] as const;
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const tStatistic = (values: readonly number[]): number => {
  const average = mean(values);
  return average / Math.sqrt(mean(values.map((value) => (value - average) ** 2)) / values.length);
};

/** Bars of regular sessions by their minute. */
const byMinute = ({ bars }: Simulation): number[][] => {
  const minutes = Array.from({ length: REGULAR_MINUTES }, (): number[] => []);
  const starts = sessionStarts(bars);
  for (let s = 0; s + 1 < starts.length; s++)
    if (REGULAR_MINUTES === starts[s + 1]! - starts[s]!) minutes.forEach((list, minute) => list.push(starts[s]! + minute));
  return minutes;
};

const move = ({ open, close }: BarSeries, bar: number): number => close[bar]! / open[bar]! - 1;

/** t of the slope of the next half hour's return on a feature, over half hours that do not overlap. */
const predictability = ({ bars }: Simulation, feature: string): number => {
  const { values } = computeFeatures(bars, [feature]);
  const pairs: [number, number][] = [];
  for (let bar = 60; bar + 30 < bars.length; bar += 30)
    if (bars.session[bar] === bars.session[bar + 30]) pairs.push([values[bar]!, bars.close[bar + 30]! / bars.close[bar]! - 1]);
  const centre = mean(pairs.map(([value]) => value));
  return tStatistic(pairs.map(([value, later]) => (value - centre) * later));
};

describe('simulateMarket', () => {
  let market: Simulation;
  let edgeless: Simulation;
  let tickSize: number;
  before(async () => {
    market = await testSimulation({ edge: 10, sessions: SESSIONS });
    edgeless = await testSimulation({ edge: 0, sessions: SESSIONS });
    ({ tickSize } = await simulatedInstrument());
  });

  it('gives the same bars for the same seed, and others for another', async () => {
    const again = await testSimulation({ edge: 10, sessions: SESSIONS });
    const other = await testSimulation({ edge: 10, sessions: SESSIONS, seed: 2 });
    for (const column of columns) assert.deepEqual(again.bars[column], market.bars[column]);
    assert.notDeepEqual(other.bars.close, market.bars.close);
  });

  it('has one bar for each minute of the calendar, shortened sessions included', async () => {
    const sessions = await simulatedSessions(SESSIONS);
    const starts = sessionStarts(market.bars);
    assert.equal(starts.length - 1, SESSIONS);
    const lengths = new Set<number>();
    for (const [s, { open, close }] of sessions.entries()) {
      const [from, to] = [starts[s]!, starts[s + 1]!];
      lengths.add(to - from);
      assert.equal(to - from, (close - open) / 60_000);
      assert.equal(market.bars.openTime[from], open);
      assert.equal(market.bars.closeTime[to - 1], close);
    }
    assert.deepEqual([...lengths].sort(), [210, 390]);
  });

  it('keeps prices on the tick grid, within high and low, and volumes whole and above zero', () => {
    const { open, high, low, close, volume, length } = market.bars;
    for (let bar = 0; bar < length; bar++) {
      for (const price of [open, high, low, close]) assert.ok(Number.isInteger(price[bar]! / tickSize));
      assert.ok(low[bar]! > 0 && low[bar]! <= Math.min(open[bar]!, close[bar]!) && high[bar]! >= Math.max(open[bar]!, close[bar]!));
      assert.ok(Number.isInteger(volume[bar]) && volume[bar]! >= 1);
    }
  });

  it('moves and trades most at the open, more at the close than in the middle', () => {
    const minutes = byMinute(market);
    const average = (from: number, to: number, value: (bar: number) => number): number => mean(minutes.slice(from, to).flat().map(value));
    for (const value of [(bar: number) => Math.abs(move(market.bars, bar)), (bar: number) => market.bars.volume[bar]!]) {
      const [open, middle, close] = [average(0, 15, value), average(150, 250, value), average(375, 390, value)];
      assert.ok(open > 1.5 * middle && close > 1.2 * middle && open > close, `${open} ${middle} ${close}`);
    }
  });

  it('is twice as volatile in the stressed regime as in the calm one, and stays in either for days', () => {
    const size = (regime: number): number =>
      mean(
        Array.from(market.bars.close.keys())
          .filter((bar) => market.regime[bar] === regime)
          .map((bar) => Math.abs(move(market.bars, bar))),
      );
    assert.ok(Math.abs(size(1) / size(0) - 2) < 0.1, `${size(1) / size(0)}`);
    const changes = market.regime.reduce((count, regime, bar) => count + (bar > 0 && regime !== market.regime[bar - 1] ? 1 : 0), 0);
    assert.ok(changes > 20 && changes < SESSIONS / 2, `${changes}`);
  });

  it('has tails fatter than normal ones of the same volatility', () => {
    const shape = volatilityShape(REGULAR_MINUTES);
    const standard = byMinute(market).flatMap((bars, minute) =>
      bars.map((bar) => {
        const regime = SIMULATED_MARKET.regimes[market.regime[bar]!]!;
        return (
          (move(market.bars, bar) / (SIMULATED_MARKET.sessionVolatility * shape[minute]! * regime.volatility)) * Math.sqrt(REGULAR_MINUTES)
        );
      }),
    );
    assert.ok(Math.abs(mean(standard.map((z) => z * z)) - 1) < 0.03);
    // A normal exceeds 4 with chance 6.3e-5; Student t of 6 degrees scaled to variance 1 with 2.7e-3.
    const beyond = mean(standard.map((z) => (Math.abs(z) > 4 ? 1 : 0)));
    assert.ok(beyond > 1.9e-3 && beyond < 3.5e-3, `${beyond}`);
  });

  it('jumps between sessions far more than between minutes', () => {
    const starts = sessionStarts(market.bars).slice(1, -1);
    const jump = (bar: number): number => Math.log(market.bars.open[bar]! / market.bars.close[bar - 1]!) ** 2;
    const gaps = Math.sqrt(mean([...starts].map(jump)));
    assert.ok(gaps > 0.004 && gaps < 0.008, `${gaps}`);
    const within = mean([...market.bars.close.keys()].filter((bar) => bar > 0 && !starts.includes(bar)).map((bar) => Math.sqrt(jump(bar))));
    assert.ok(within < tickSize / 2_000);
  });

  it('shows the flow in the volume of minutes that move with it, with an edge and without', () => {
    for (const simulation of [market, edgeless]) {
      const { values } = computeFeatures(simulation.bars, ['volumeConfirmation12']);
      const shown = Array.from(simulation.flow.keys()).slice(60);
      assert.ok(tStatistic(shown.map((bar) => values[bar]! * simulation.flow[bar]!)) > 100);
    }
  });

  it('is predictable from that trace with an edge, and from nothing without', () => {
    for (const feature of ['volumeConfirmation4', 'volumeConfirmation12', 'volumeCorrelation20', 'moneyFlow15', 'momentum15', 'rsi'])
      assert.ok(Math.abs(predictability(edgeless, feature)) < 3.3, `${feature}: ${predictability(edgeless, feature)}`);
    assert.ok(predictability(market, 'volumeConfirmation12') > 5);
  });

  it('shares flow, regimes and chance between markets with and without an edge', () => {
    assert.deepEqual(edgeless.flow, market.flow);
    assert.deepEqual(edgeless.regime, market.regime);
    const still = [...market.flow.keys()].filter((bar) => market.flow[bar] === 0);
    const same = still.filter((bar) => Math.abs(move(market.bars, bar) - move(edgeless.bars, bar)) < 1e-3);
    assert.ok(same.length > 0.99 * still.length);
  });

  it('pays no resting limit order without an edge: what is bought through the limit is worth less at the close', () => {
    const { low, high, close, length } = edgeless.bars;
    for (const ticks of [0, 2, 8]) {
      const gains: number[] = [];
      for (let bar = 1; bar < length; bar++) {
        const offset = ticks * tickSize;
        if (edgeless.bars.session[bar] !== edgeless.bars.session[bar - 1]) continue;
        if (low[bar]! < close[bar - 1]! - offset) gains.push((close[bar]! - close[bar - 1]! + offset) / tickSize);
        if (high[bar]! > close[bar - 1]! + offset) gains.push((close[bar - 1]! + offset - close[bar]!) / tickSize);
      }
      assert.ok(mean(gains) < -0.5 && mean(gains) > -3, `${ticks} ticks away: ${mean(gains)} ticks`);
    }
  });
});
