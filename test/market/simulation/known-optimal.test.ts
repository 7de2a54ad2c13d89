import assert from 'node:assert/strict';
import { aggregateBars } from '../../../src/market/aggregate.js';
import { calibrateDrift } from '../../../src/market/simulation/calibrate-drift.js';
import { costRate } from '../../../src/market/simulation/cost-rate.js';
import { knownOptimal, SESSIONS_PER_YEAR } from '../../../src/market/simulation/known-optimal.js';
import { optimalPolicy } from '../../../src/market/simulation/optimal-policy.js';
import type { OptimalTask } from '../../../src/market/simulation/optimal-policy.js';
import { SIMULATED_MARKET } from '../../../src/market/simulation/market-model.js';
import { flowChain, stationary } from '../../../src/market/simulation/markov-chain.js';
import { optimalPositions } from '../../../src/market/simulation/optimal-positions.js';
import { REGULAR_MINUTES, volatilityShape } from '../../../src/market/simulation/seasonality.js';
import { simulatedInstrument, simulatedSessions, testSimulation } from '../../support/market/simulation.js';

const known = async (decisionMinutes = 1): Promise<Omit<OptimalTask, 'drift'>> => ({
  model: SIMULATED_MARKET,
  costRate: costRate(await simulatedInstrument(), SIMULATED_MARKET.startPrice),
  decisionMinutes,
});

/** Net profit of each session of following positions decided at each close, as shares of notional. */
const profits = (market: Awaited<ReturnType<typeof testSimulation>>, positions: Float64Array): number[] => {
  const { open, close, session, length } = market.bars;
  const bySession: number[] = [];
  let held = 0;
  for (let bar = 0; bar < length; bar++) {
    if (bar === 0 || session[bar] !== session[bar - 1]) bySession.push(0);
    const last = bySession.length - 1;
    const ends = bar + 1 === length || session[bar + 1] !== session[bar];
    const wanted = ends ? 0 : positions[bar]!;
    bySession[last]! -= market.task.costRate * Math.abs(wanted - held);
    if (!ends) bySession[last]! += held * (open[bar + 1]! / close[bar]! - 1) + wanted * (close[bar + 1]! / open[bar + 1]! - 1);
    held = wanted;
  }
  return bySession;
};

const sharpe = (values: readonly number[]): number => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return (mean / Math.sqrt(variance)) * Math.sqrt(SESSIONS_PER_YEAR);
};

describe('the known-optimal policy', () => {
  it('earns, without costs, the sum over minutes of what the flow just seen leads to expect', async () => {
    const drift = 0.05;
    const { mean } = optimalPolicy({ ...(await known()), costRate: 0, drift }, REGULAR_MINUTES, 0);
    const chain = flowChain(SIMULATED_MARKET);
    const expected = stationary(chain).reduce((sum, share, flow) => sum + share * Math.abs(chain[flow]![2]! - chain[flow]![0]!), 0);
    const { regimes, sessionVolatility } = SIMULATED_MARKET;
    const stays = regimes.reduce((sum, { dwellMinutes }) => sum + dwellMinutes, 0);
    const level = regimes.reduce((sum, { dwellMinutes, volatility }) => sum + (dwellMinutes / stays) * volatility, 0);
    const tradable = volatilityShape(REGULAR_MINUTES)
      .slice(1)
      .reduce((sum, shape) => sum + shape, 0);
    const perMinute = sessionVolatility / Math.sqrt(REGULAR_MINUTES);
    assert.ok(Math.abs(mean / (drift * expected * level * perMinute * tradable) - 1) < 1e-9);
  });

  it('is worth less the more trading costs and the less often it decides, and never less than nothing', async () => {
    const task = { ...(await known()), drift: 0.05 };
    const worth = (changes: Partial<OptimalTask>): number => optimalPolicy({ ...task, ...changes }, REGULAR_MINUTES, 0).mean;
    assert.ok(worth({ costRate: 0 }) > worth({}) && worth({}) > worth({ costRate: 2 * task.costRate }));
    assert.ok(worth({}) > worth({ decisionMinutes: 5 }) && worth({ decisionMinutes: 5 }) > worth({ decisionMinutes: 30 }));
    assert.equal(worth({ costRate: 1 }), 0);
    assert.equal(worth({ drift: 0 }), 0);
  });

  it('follows the flow at mid-session, is flat without one, and opens nothing just before the close', async () => {
    const policy = knownOptimal({ ...(await known()), drift: 0.06 }).policy(REGULAR_MINUTES);
    for (const flow of [-1, 0, 1]) for (const held of [-1, 0, 1]) assert.equal(policy.position(200, 0, flow, held), flow);
    for (const flow of [-1, 1]) assert.equal(policy.position(REGULAR_MINUTES - 2, 0, flow, 0), 0);
  });

  it('has a greater Sharpe ratio than the policy of the greatest profit, and than those of other aversions to risk, to a per cent', async () => {
    const task = { ...(await known()), drift: 0.06 };
    const { sharpe: greatest } = knownOptimal(task);
    const sharpes = [0, 5, 10, 20, 40, 80, 160].map((riskAversion) => {
      const { mean, variance } = optimalPolicy(task, REGULAR_MINUTES, riskAversion);
      return Math.sqrt(SESSIONS_PER_YEAR / variance) * mean;
    });
    assert.ok(greatest > 1.05 * sharpes[0]!);
    assert.ok(greatest > 0.99 * Math.max(...sharpes), `${greatest} ${sharpes.join(' ')}`);
  });

  it('is calibrated to the edge that is asked for, and to exactly no drift for none', async () => {
    for (const [edge, minutes] of [
      [2, 1],
      [10, 1],
      [10, 5],
    ] as const) {
      const task = await known(minutes);
      assert.ok(Math.abs(knownOptimal({ ...task, drift: calibrateDrift(task, edge) }).sharpe - edge) < 1e-4);
    }
    assert.equal(calibrateDrift(await known(), 0), 0);
  });

  it('refuses an edge below zero, of no number or beyond reach', async () => {
    const task = await known();
    for (const edge of [-1, NaN, 1e4])
      assert.throws(() => calibrateDrift(task, edge), { name: 'UnreachableEdge', message: new RegExp(`edge of ${edge} `) });
  });

  it('refuses an instrument whose costs grow faster than size', async () => {
    const instrument = await simulatedInstrument();
    assert.throws(() => costRate({ ...instrument, impactBps: 3 }, 5_000), /SIM: impact_bps 3/);
  });

  for (const [edge, decisionMinutes] of [
    [4, 1],
    [10, 5],
  ] as const)
    it(`earns an annual Sharpe ratio of ${edge} on six simulated years, deciding every ${decisionMinutes} minutes, give or take their luck`, async () => {
      const market = await testSimulation({ edge, sessions: 1_500, decisionMinutes });
      const bySession = profits(market, optimalPositions(market));
      const years = bySession.length / SESSIONS_PER_YEAR;
      const error = Math.sqrt((1 + edge ** 2 / SESSIONS_PER_YEAR / 2) / years); // Lo 2002
      assert.ok(Math.abs(sharpe(bySession) - edge) < 3 * error, `${sharpe(bySession)} is not ${edge} ± ${3 * error}`);
    });

  it('wants after a longer bar what it wants after its last minute', async () => {
    const market = await testSimulation({ edge: 10, sessions: 5, decisionMinutes: 5 });
    const joined = aggregateBars(market.bars, await simulatedSessions(5), 300_000);
    const byMinute = optimalPositions(market);
    assert.deepEqual(
      optimalPositions(market, joined),
      byMinute.filter((_, bar) => bar % 5 === 4),
    );
    assert.ok(byMinute.some((position) => position !== 0));
    const shifted = { ...joined, closeTime: joined.closeTime.map((time) => time + 1) };
    assert.throws(() => optimalPositions(market, shifted), /no simulated minute closes at/);
  });

  it('never trades a market without an edge', async () => {
    const market = await testSimulation({ edge: 0, sessions: 5 });
    assert.ok(optimalPositions(market).every((position) => position === 0));
  });
});
