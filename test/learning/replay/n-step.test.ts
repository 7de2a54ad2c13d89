import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createNStep } from '../../../src/learning/replay/n-step.js';
import { createReplayBuffer, type ReplayBuffer } from '../../../src/learning/replay/replay-buffer.js';

const replayOf = (capacity = 1000): ReplayBuffer => createReplayBuffer({ capacity, batchSize: 4, alpha: null, volatility: () => 0 });

const stateOf = (bar: number): Float32Array => Float32Array.of(bar + 0.25, 1, 2, 3);

/** Feeds lane 0 an episode of bars 0, 1, 2, … with these rewards; it ends after the last when `ends`. */
const feed = (rewards: readonly number[], steps: number, gamma: number, ends: boolean): ReplayBuffer => {
  const replay = replayOf();
  const accumulator = createNStep({ lanes: 1, steps, gamma, replay });
  rewards.forEach((reward, bar) => {
    accumulator.decide(0, bar, stateOf(bar), 0, bar % 21, bar % 11);
    accumulator.arrive(0, reward, ends && bar === rewards.length - 1, bar + 1, stateOf(bar + 1), 0);
  });
  return replay;
};

describe('createNStep', () => {
  it('gives the closed-form returns of a constant reward, shorter at the end of the episode and without bootstrap there', () => {
    const gamma = 0.5;
    const replay = feed([1, 1, 1, 1, 1], 3, gamma, true);
    const { columns } = replay;
    assert.equal(replay.size(), 5);
    // (1 - γ^k) / (1 - γ) for k = 3, 3, 3, 2, 1
    assert.deepEqual([...columns.reward.subarray(0, 5)], [1.75, 1.75, 1.75, 1.5, 1]);
    assert.deepEqual([...columns.discount.subarray(0, 5)], [0.125, 0.125, 0, 0, 0]);
    assert.deepEqual([...columns.nextBar.subarray(0, 5)], [3, 4, 5, 5, 5]);
  });

  it('equals the definition for any rewards, n and discount', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ noNaN: true, min: -10, max: 10 }), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 5 }),
        fc.boolean(),
        (rewards, n, ends) => {
          const gamma = 0.9;
          const replay = feed(rewards, n, gamma, ends);
          const { columns } = replay;
          assert.equal(replay.size(), ends ? rewards.length : Math.max(0, rewards.length - n + 1));
          for (let bar = 0; bar < replay.size(); bar++) {
            const reached = rewards.slice(bar, bar + n);
            const terminal = ends && bar + n >= rewards.length;
            const expected = reached.reduce((total, reward, k) => total + gamma ** k * reward, 0);
            assert.ok(Math.abs(columns.reward[bar]! - expected) < 1e-5);
            assert.equal(columns.discount[bar], Math.fround(terminal ? 0 : gamma ** n));
            assert.deepEqual(
              [columns.bar[bar], columns.price[bar], columns.quantity[bar], columns.nextBar[bar]],
              [bar, bar % 21, bar % 11, bar + reached.length],
            );
            assert.deepEqual([columns.privateState[bar * 4], columns.nextPrivateState[bar * 4]], [bar + 0.25, bar + reached.length + 0.25]);
          }
        },
      ),
    );
  });

  it('keeps lanes and episodes apart', () => {
    const replay = replayOf();
    const accumulator = createNStep({ lanes: 2, steps: 2, gamma: 1, replay });
    for (const [lane, bar, reward, done] of [
      [0, 1, 1, false],
      [1, 50, 100, false],
      [0, 2, 2, true],
      [1, 51, 200, false],
      [0, 9, 5, false],
      [0, 10, 6, false],
    ] as const) {
      accumulator.decide(lane, bar, stateOf(bar), 0, 0, 0);
      accumulator.arrive(lane, reward, done, bar + 1, stateOf(bar + 1), 0);
    }
    assert.deepEqual([...replay.columns.bar.subarray(0, 4)], [1, 2, 50, 9]);
    assert.deepEqual([...replay.columns.reward.subarray(0, 4)], [3, 2, 300, 11]);
    assert.equal(replay.size(), 4);
  });

  it('continues from a saved state with the same transitions', () => {
    const whole = replayOf();
    const resumed = replayOf();
    const first = createNStep({ lanes: 1, steps: 3, gamma: 0.9, replay: whole });
    let second = createNStep({ lanes: 1, steps: 3, gamma: 0.9, replay: resumed });
    for (let bar = 0; bar < 30; bar++) {
      for (const accumulator of [first, second]) {
        accumulator.decide(0, bar, stateOf(bar), 0, 1, 2);
        accumulator.arrive(0, bar, bar % 7 === 6, bar + 1, stateOf(bar + 1), 0);
      }
      const state = second.state();
      second = createNStep({ lanes: 1, steps: 3, gamma: 0.9, replay: resumed });
      second.restore(state);
    }
    assert.deepEqual(resumed.state(), whole.state());
    assert.throws(() => createNStep({ lanes: 2, steps: 3, gamma: 0.9, replay: whole }).restore(first.state()), RangeError);
  });
});
