import assert from 'node:assert/strict';
import { environmentConfig } from '../../../src/config/sections/training.js';
import { createEnvironment, type EnvironmentOptions } from '../../../src/learning/environment/create-environment.js';
import { createRandom } from '../../../src/learning/random.js';
import { sessionOptimum } from '../../support/learning/session-optimum.js';
import { costlyInstrument, randomBars } from '../../support/market/random-bars.js';

type Task = Pick<EnvironmentOptions, 'bars' | 'instrument' | 'config' | 'costMultiplier'>;

const task = (seed: number, length: number, more: Partial<Task> = {}): Task & { readonly session: { from: number; to: number } } => ({
  bars: randomBars({ seed, sessions: 1, barsPerSession: length }),
  instrument: { ...costlyInstrument, feeRate: 0.002 },
  config: environmentConfig.parse({ priceBins: 3, quantityBins: 3, lossLimit: 10 }),
  session: { from: 0, to: length },
  ...more,
});

/** Sums of rewards of many policies side by side, a lane each. */
const play = (given: ReturnType<typeof task>, lanes: number, bin: (lane: number, step: number, branch: 'price' | 'quantity') => number) => {
  const environment = createEnvironment({ ...given, sessions: [given.session], lanes, horizon: 1 });
  const total = new Float64Array(lanes);
  for (let lane = 0; lane < lanes; lane++) environment.reset(lane, 0);
  for (let step = 0; step + 1 < given.session.to; step++) {
    const bins = (branch: 'price' | 'quantity') => Int32Array.from({ length: lanes }, (_, lane) => bin(lane, step, branch));
    environment.step(bins('price'), bins('quantity')).reward.forEach((reward, lane) => (total[lane]! += reward));
  }
  return total;
};
const largest = (values: Float64Array): number => values.reduce((most, value) => Math.max(most, value), -Infinity);

describe('sessionOptimum', () => {
  it('is the best of all sequences of actions there are, and its own actions earn it, in each of 20 sessions of five bars', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const given = task(seed, 5);
      const optimum = sessionOptimum(given, given.session);
      const digit = (lane: number, step: number): number => Math.floor(lane / 9 ** step) % 9;
      const all = play(given, 9 ** 4, (lane, step, branch) =>
        branch === 'price' ? Math.floor(digit(lane, step) / 3) : digit(lane, step) % 3,
      );
      assert.ok(Math.abs(largest(all) - optimum.reward) < 1e-12, `${largest(all)} is not ${optimum.reward}`);
      const [own] = play(given, 1, (_, step, branch) => optimum[branch][step]!);
      assert.ok(Math.abs(own! - optimum.reward) < 1e-12);
    }
  });

  it('is beaten by none of 2,000 policies, nor by those that are best at half the costs or at twice', () => {
    for (const seed of [1, 2, 3]) {
      const given = task(seed, 40, { config: environmentConfig.parse({ priceBins: 5, quantityBins: 5, lossLimit: 10 }) });
      const { reward } = sessionOptimum(given, given.session);
      const random = createRandom(seed, 'policies');
      const others = [0.5, 2].map((costMultiplier) => sessionOptimum({ ...given, costMultiplier }, given.session));
      const played = play(given, 2_000, (lane, step, branch) => others[lane]?.[branch][step] ?? random.integer(5));
      assert.ok(largest(played) <= reward + 1e-12, `${largest(played)} beats ${reward}`);
      assert.ok(played[0]! < reward && played[1]! < reward, 'what costs are has no influence on what is best');
      assert.ok(played[0]! > largest(played.subarray(2)), 'one that knows the bars is better than chance');
    }
  });

  it('falls with costs, to nothing at all where each trade costs more than prices move', () => {
    const given = task(4, 40);
    const rewards = [0, 1, 2, 1_000].map((costMultiplier) => sessionOptimum({ ...given, costMultiplier }, given.session).reward);
    assert.deepEqual(
      rewards,
      rewards.toSorted((a, b) => b - a),
    );
    assert.equal(new Set(rewards).size, 4);
    assert.equal(rewards.at(-1), 0);
  });
});
