import assert from 'node:assert/strict';
import fc from 'fast-check';
import { environmentConfig } from '../../../src/config/sections/training.js';
import type { BarSeries } from '../../../src/domain/market/bars.js';
import { createEnvironment, type Environment, type EnvironmentOptions } from '../../../src/learning/environment/create-environment.js';
import { tradableSessions } from '../../../src/learning/environment/sessions.js';
import { createRandom } from '../../../src/learning/random.js';
import { costlyInstrument, randomBars } from '../../support/market/random-bars.js';

const config = environmentConfig.parse({ lookback: 3, lossLimit: 10 });
const MIDDLE = { price: 10, quantity: 5 };

const environmentOf = (bars: BarSeries, more: Partial<EnvironmentOptions> = {}): Environment =>
  createEnvironment({
    bars,
    instrument: costlyInstrument,
    config,
    sessions: tradableSessions(bars, { from: 0, to: bars.length }, 0),
    lanes: 1,
    horizon: 5,
    ...more,
  });

type Step = ReturnType<typeof record>;
const record = ({ now }: Environment, outcome: ReturnType<Environment['step']>, lane = 0) => ({
  bar: outcome.bar[lane]!,
  done: outcome.done[lane] === 1,
  reward: outcome.reward[lane]!,
  trainingReward: outcome.trainingReward[lane]!,
  gross: outcome.gross[lane]!,
  costs: outcome.fee[lane]! + outcome.spread[lane]! + outcome.slippage[lane]! + outcome.impact[lane]!,
  fee: outcome.fee[lane]!,
  filledUnits: outcome.filledUnits[lane]!,
  fillPrice: outcome.fillPrice[lane]!,
  closedUnits: outcome.closedUnits[lane]!,
  closePrice: outcome.closePrice[lane]!,
  units: now.units[lane]!,
  equity: now.equity[lane]!,
  privateState: [...now.privateState.subarray(lane * 4, lane * 4 + 4)],
});

/** Runs one session with the actions that `choose` gives, and returns every step. */
const episode = (environment: Environment, session: number, choose: (step: number) => { price: number; quantity: number }): Step[] => {
  environment.reset(0, session);
  const steps: Step[] = [];
  while (environment.now.active[0] === 1) {
    const { price, quantity } = choose(steps.length);
    steps.push(record(environment, environment.step(Int32Array.of(price), Int32Array.of(quantity))));
  }
  return steps;
};

const randomActions = (seed: number): ((step: number) => { price: number; quantity: number }) => {
  const random = createRandom(seed, 'actions');
  const actions = Array.from({ length: 200 }, () => ({ price: random.integer(21), quantity: random.integer(11) }));
  return (step) => actions[step]!;
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const near = (actual: number, expected: number, message: string, tolerance = 1e-9): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${message}: ${actual} instead of ${expected}`);

describe('createEnvironment', () => {
  it('rewards sum to the change of equity over cash, and gross profit less every cost is net', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(1000), fc.nat(3), (seed, actions, session) => {
        const environment = environmentOf(randomBars({ seed }));
        const steps = episode(environment, session, randomActions(actions));
        near(sum(steps.map(({ reward }) => reward)), (steps.at(-1)!.equity - config.cash) / config.cash, 'rewards');
        near(sum(steps.map(({ gross, costs }) => gross - costs)), steps.at(-1)!.equity - config.cash, 'net', 1e-7);
        for (const { gross, costs, reward } of steps) near((gross - costs) / config.cash, reward, 'one step');
      }),
    );
  });

  it('agrees with a ledger of cash kept from the fills alone', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(1000), (seed, actions) => {
        const bars = randomBars({ seed });
        let [money, units] = [config.cash, 0];
        for (const step of episode(environmentOf(bars), 1, randomActions(actions))) {
          money -= (step.filledUnits * step.fillPrice + step.closedUnits * step.closePrice) * costlyInstrument.multiplier + step.fee;
          units += step.filledUnits + step.closedUnits;
          assert.equal(step.units, units);
          near(step.equity, money + units * bars.close[step.bar]! * costlyInstrument.multiplier, 'equity', 1e-7);
        }
        assert.equal(units, 0, 'a session ends flat');
      }),
    );
  });

  it('does not look ahead: no bar after t + 1 changes a fill, a reward or a state of step t or before', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(1000), fc.integer({ min: 1, max: 28 }), (seed, actions, upTo) => {
        const bars = randomBars({ seed, sessions: 1 });
        const changed = structuredClone(bars);
        for (const column of ['open', 'high', 'low', 'close', 'volume'] as const)
          for (let i = upTo + 1; i < bars.length; i++) changed[column][i]! *= 1.5 + (i % 3);
        const [before, after] = [bars, changed].map((series) => episode(environmentOf(series), 0, randomActions(actions)).slice(0, upTo));
        assert.deepEqual(after, before);
      }),
    );
  });

  it('executes on the bar after the decision: of the decision bar, only its close matters', () => {
    const bars = randomBars({ seed: 3, sessions: 1 });
    const run = (series: BarSeries): Step => episode(environmentOf(series), 0, () => ({ price: 20, quantity: 10 }))[0]!;
    const early = structuredClone(bars);
    early.open[0] = early.high[0] = early.low[0] = 1;
    assert.deepEqual(run(early), run(bars));
    const later = structuredClone(bars);
    later.open[1]! += 0.25;
    assert.notEqual(run(later).fillPrice, run(bars).fillPrice);
  });

  it('holds whole lots, at most the largest position at the decision price, and nothing in the middle bin', () => {
    const bars = randomBars({ seed: 5 });
    const lots = { ...costlyInstrument, lotSize: 3 };
    const steps = episode(environmentOf(bars, { instrument: lots }), 0, randomActions(9));
    assert.ok(steps.some(({ units }) => units > 0) && steps.some(({ units }) => units < 0));
    for (const { units, bar } of steps) {
      assert.equal(Math.abs(units % 3), 0);
      assert.ok(Math.abs(units) * bars.close[bar]! * lots.multiplier <= config.maxPosition * config.cash * 1.3);
    }
    const [first] = episode(environmentOf(bars, { instrument: lots }), 0, () => ({ price: 20, quantity: 10 }));
    assert.equal(first!.filledUnits, Math.trunc((config.maxPosition * config.cash) / (bars.close[0]! * 2) / 3) * 3);
    assert.ok(
      episode(environmentOf(bars), 0, () => MIDDLE).every((step) => step.reward === 0 && step.filledUnits === 0 && step.closedUnits === 0),
    );
  });

  it('leaves an order unfilled that the next bar does not trade through, and keeps the position', () => {
    const bars = randomBars({ seed: 5 });
    bars.open[1] = bars.close[0]! + 3;
    bars.low[1] = bars.close[0]! - 10 * 0.25; // touches the limit of price bin 0 exactly
    const patient = episode(environmentOf(bars), 0, () => ({ price: 0, quantity: 10 }))[0]!;
    assert.deepEqual([patient.filledUnits, patient.units, patient.reward], [0, 0, 0]);
    bars.low[1] -= 0.25;
    assert.equal(episode(environmentOf(bars), 0, () => ({ price: 0, quantity: 10 }))[0]!.fillPrice, bars.close[0]! - 2.5);
  });

  it('closes the position at the last close as an order that takes liquidity, and pays for it', () => {
    const bars = randomBars({ seed: 8, sessions: 1 });
    const steps = episode(environmentOf(bars), 0, () => ({ price: 20, quantity: 10 }));
    const last = steps.at(-1)!;
    assert.equal(steps.length, bars.length - 1);
    assert.ok(last.done && last.units === 0 && last.closedUnits < 0);
    assert.ok(last.closePrice <= bars.close.at(-1)! - 0.125);
    assert.ok(last.costs > 0.31 * -last.closedUnits);
  });

  it('closes at the next open and ends the session once the loss limit is passed', () => {
    const bars = randomBars({ seed: 2, sessions: 1 });
    for (let i = 4; i < bars.length; i++) for (const column of ['open', 'high', 'low', 'close'] as const) bars[column][i]! *= 0.9;
    const environment = environmentOf(bars, { config: { ...config, lossLimit: 0.05 } });
    const steps = episode(environment, 0, () => ({ price: 20, quantity: 10 }));
    const stop = steps.at(-1)!;
    assert.equal(stop.bar, 5, 'bar 4 loses, bar 5 closes');
    assert.ok(stop.done && stop.units === 0 && stop.filledUnits < 0 && stop.fillPrice <= bars.open[5]! - 0.125);
    assert.equal(episode(environmentOf(bars), 0, () => ({ price: 20, quantity: 10 })).length, bars.length - 1, 'no limit, no stop');
  });

  it('adds the hindsight bonus to the training reward alone, clipped at the end of the session, and none in evaluation', () => {
    const bars = randomBars({ seed: 4, sessions: 2 });
    const weighted = episode(environmentOf(bars, { hindsightWeight: 0.5 }), 0, randomActions(4));
    const plain = episode(environmentOf(bars), 0, randomActions(4));
    assert.deepEqual(
      plain.map(({ reward }) => reward),
      weighted.map(({ reward }) => reward),
    );
    assert.deepEqual(
      plain.map(({ trainingReward }) => trainingReward),
      plain.map(({ reward }) => reward),
    );
    for (const { bar, units, reward, trainingReward } of weighted) {
      const move = bars.close[Math.min(bar + 5, 29)]! - bars.close[bar]!;
      near(trainingReward - reward, (0.5 * units * 2 * move) / config.cash, `bonus at bar ${bar}`, 1e-15);
    }
    assert.ok(weighted.some(({ reward, trainingReward }) => reward !== trainingReward));
  });

  it('shows position, free capital, time left and horizon as private state', () => {
    const bars = randomBars({ seed: 6, sessions: 1 });
    const environment = environmentOf(bars);
    environment.reset(0, 0);
    const closeTo = (actual: Float32Array, expected: readonly number[]): void =>
      expected.forEach((value, i) => near(actual[i]!, value, `private state ${i}`, 1e-6));
    closeTo(environment.now.privateState, [0, 1, 29 / 30, Math.log2(5) / 12]);
    environment.step(Int32Array.of(20), Int32Array.of(0));
    const notional = environment.now.units[0]! * bars.close[1]! * 2;
    assert.ok(notional < 0);
    closeTo(environment.now.privateState, [
      notional / 90_000,
      (environment.now.equity[0]! + notional) / 100_000,
      28 / 30,
      Math.log2(5) / 12,
    ]);
  });

  it('gives an episode the horizon that it is started with: in what is seen and in the bonus', () => {
    const bars = randomBars({ seed: 4, sessions: 2 });
    const environment = environmentOf(bars, { hindsightWeight: 0.5 });
    environment.reset(0, 0, 2);
    near(environment.now.privateState[3]!, Math.log2(2) / 12, 'horizon seen', 1e-6);
    const { reward, trainingReward } = environment.step(Int32Array.of(20), Int32Array.of(10));
    const [units, bar] = [environment.now.units[0]!, environment.now.bar[0]!];
    assert.ok(units > 0);
    near(trainingReward[0]! - reward[0]!, (0.5 * units * 2 * (bars.close[bar + 2]! - bars.close[bar]!)) / config.cash, 'bonus', 1e-15);
    environment.reset(0, 0);
    near(environment.now.privateState[3]!, Math.log2(5) / 12, 'the configured horizon again', 1e-6);
  });

  it('steps lanes independently, and a lane that ended rests until it is reset', () => {
    const bars = randomBars({ seed: 11, sessions: 3, barsPerSession: 12 });
    const actions = [1, 2, 3].map(randomActions);
    const alone = actions.map((choose, session) => episode(environmentOf(bars), session, choose));
    const sessions = tradableSessions(bars, { from: 0, to: bars.length }, 7); // the first session is short
    const environment = environmentOf(bars, { lanes: 3, sessions: [{ from: 0, to: 12 }, ...sessions.slice(1)] });
    for (const lane of [0, 1, 2]) environment.reset(lane, lane);
    const together: Step[][] = [[], [], []];
    for (let step = 0; step < 11; step++) {
      const chosen = actions.map((choose) => choose(step));
      const outcome = environment.step(
        Int32Array.from(chosen, ({ price }) => price),
        Int32Array.from(chosen, ({ quantity }) => quantity),
      );
      for (const lane of [0, 1, 2]) together[lane]!.push(record(environment, outcome, lane));
    }
    assert.deepEqual(together, alone);
    const resting = environment.step(new Int32Array(3), new Int32Array(3));
    assert.deepEqual([...resting.reward, ...resting.done, ...resting.filledUnits], Array(9).fill(0));
  });

  it('refuses sessions outside the bars and batches of another size', () => {
    const bars = randomBars();
    assert.throws(() => environmentOf(bars, { sessions: [{ from: 0, to: bars.length + 1 }] }), /session \[0, 121\) cannot be traded/);
    assert.throws(() => environmentOf(bars, { sessions: [{ from: 3, to: 4 }] }), RangeError);
    assert.throws(() => environmentOf(bars).step(new Int32Array(2), new Int32Array(1)), RangeError);
    assert.throws(() => environmentOf(bars).reset(0, 4), RangeError);
  });
});

describe('tradableSessions', () => {
  it('keeps whole sessions of the range, without bars before the first complete observation', () => {
    const bars = randomBars({ sessions: 4, barsPerSession: 10 });
    assert.deepEqual(tradableSessions(bars, { from: 0, to: 30 }, 4), [
      { from: 4, to: 10 },
      { from: 10, to: 20 },
      { from: 20, to: 30 },
    ]);
    assert.deepEqual(tradableSessions(bars, { from: 10, to: 40 }, 19), [
      { from: 20, to: 30 },
      { from: 30, to: 40 },
    ]);
  });
});
