import assert from 'node:assert/strict';
import { horizonInput } from '../../../src/domain/agent/private-state.js';
import { createRandom } from '../../../src/learning/random.js';
import { createReplayBuffer, type ReplayBuffer } from '../../../src/learning/replay/replay-buffer.js';

const volatility = (bar: number, horizon: number): number => bar / 10 + horizon;

const filled = (
  count: number,
  { capacity = 16, batchSize = 8, alpha = 1 }: { capacity?: number; batchSize?: number; alpha?: number | null } = {},
): ReplayBuffer => {
  const replay = createReplayBuffer({ capacity, batchSize, alpha, volatility });
  for (let i = 0; i < count; i++) write(replay, i);
  return replay;
};

const write = (replay: ReplayBuffer, value: number): number => {
  const slot = replay.append();
  const { columns } = replay;
  columns.bar[slot] = value;
  columns.nextBar[slot] = value + 1;
  columns.price[slot] = value % 21;
  columns.quantity[slot] = value % 11;
  columns.reward[slot] = value / 2;
  columns.discount[slot] = 0.5;
  columns.privateState.fill(value, slot * 4, slot * 4 + 3);
  columns.privateState[slot * 4 + 3] = horizonInput(value + 1);
  columns.nextPrivateState.fill(value + 1, slot * 4, slot * 4 + 4);
  return slot;
};

describe('createReplayBuffer', () => {
  it('overwrites the oldest transition once it is full', () => {
    const replay = filled(20);
    assert.equal(replay.size(), 16);
    assert.deepEqual([...replay.columns.bar], [16, 17, 18, 19, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
  });

  it('draws whole transitions, with the volatility of their bar and horizon', () => {
    for (const alpha of [null, 0.6]) {
      const batch = filled(20, { alpha }).sample(createRandom(1, 'sample'), 0.4);
      batch.bars.forEach((bar, row) => {
        assert.deepEqual(
          [batch.nextBars[row], batch.price[row], batch.quantity[row], batch.reward[row], batch.discount[row], batch.volatility[row]],
          [bar + 1, bar % 21, bar % 11, bar / 2, 0.5, Math.fround(volatility(bar, bar + 1))],
        );
        assert.deepEqual([...batch.privateState.subarray(row * 4, row * 4 + 4)], [bar, bar, bar, Math.fround(horizonInput(bar + 1))]);
        assert.deepEqual([...batch.nextPrivateState.subarray(row * 4, row * 4 + 4)], Array(4).fill(bar + 1));
      });
    }
  });

  it('draws in proportion to |TD error|^alpha, and new transitions like the largest', () => {
    const replay = filled(8, { capacity: 8, alpha: 0.5 });
    const random = createRandom(2, 'sample');
    // Sets the priority of every slot by drawing until all were drawn: slot s gets (s + 1)².
    for (let round = 0; round < 50; round++) {
      const { bars } = replay.sample(random, 1);
      replay.update(Float32Array.from(bars, (bar) => (bar + 1) ** 2));
    }
    const counts = Array<number>(8).fill(0);
    const rounds = 4_000;
    for (let round = 0; round < rounds; round++) for (const bar of replay.sample(random, 1).bars) counts[bar]!++;
    const chiSquare = counts.reduce((total, count, slot) => {
      const expected = (rounds * 8 * (slot + 1)) / 36;
      return total + (count - expected) ** 2 / expected;
    }, 0);
    assert.ok(chiSquare < 24.3, `χ² ${chiSquare} beyond the 99.9 % point of 7 degrees of freedom`);
    const slot = write(replay, 99);
    assert.equal(slot, 0);
    assert.ok(Math.abs(Number(replay.state().weights?.[0]) - 8) < 1e-5);
  });

  it('weights a draw by (N P)^-β over the largest of the batch', () => {
    const replay = filled(4, { capacity: 4, batchSize: 64, alpha: 1 });
    const random = createRandom(3, 'sample');
    for (let round = 0; round < 20; round++) replay.update(Float32Array.from(replay.sample(random, 0).bars, (bar) => bar + 1));
    for (const beta of [0, 0.4, 1]) {
      const { bars, weight } = replay.sample(random, beta);
      assert.ok(bars.includes(0));
      bars.forEach((bar, row) => assert.ok(Math.abs(weight[row]! - (bar + 1) ** -beta) < 1e-5));
    }
  });

  it('draws uniformly, with weights of one, when priorities are off', () => {
    const replay = filled(10, { alpha: null });
    const random = createRandom(4, 'sample');
    const counts = Array<number>(10).fill(0);
    for (let round = 0; round < 1_000; round++) {
      const { bars, weight } = replay.sample(random, 0.4);
      replay.update(new Float32Array(8).fill(100));
      for (const bar of bars) counts[bar]!++;
      assert.ok(weight.every((value) => value === 1));
    }
    assert.ok(
      counts.every((count) => Math.abs(count - 800) < 120),
      counts.join(' '),
    );
  });

  it('continues from a saved state with the same draws and the same state, and refuses one of another size', () => {
    for (const count of [5, 30]) {
      const replay = filled(count);
      replay.sample(createRandom(5, 'warm'), 0.5);
      replay.update(Float32Array.from({ length: 8 }, (_, i) => i));
      const again = filled(0);
      again.restore(replay.state());
      const [first, second] = [replay, again].map((buffer) => {
        const random = createRandom(6, 'sample');
        for (let i = 0; i < 5; i++) {
          const { bars } = buffer.sample(random, 0.7);
          buffer.update(Float32Array.from(bars));
          write(buffer, 50 + i);
        }
        return buffer.state();
      });
      assert.deepEqual(second, first);
      assert.throws(() => filled(0, { capacity: 4 }).restore(replay.state()), RangeError);
    }
    assert.throws(() => filled(0).sample(createRandom(1, 'a'), 1), RangeError);
  });
});
