import assert from 'node:assert/strict';
import { createRandom } from '../../../src/learning/random.js';
import { mixReplays } from '../../../src/learning/replay/mix-replays.js';
import { createReplayBuffer, type ReplayBuffer } from '../../../src/learning/replay/replay-buffer.js';
import { smallTrainer, smallTrainingConfig } from '../../support/learning/small-training.js';
import { livedTransitionsOf } from '../../support/learning/lived-transitions.js';
import type { Trainer, TrainerState } from '../../../src/learning/trainer/create-trainer.js';

const bufferOf = (bars: readonly number[], batchSize: number, emphasis?: Float64Array, alpha: number | null = 1): ReplayBuffer => {
  const replay = createReplayBuffer({ capacity: bars.length, batchSize, alpha, volatility: (bar) => bar, ...(emphasis && { emphasis }) });
  for (const bar of bars) {
    const slot = replay.append();
    replay.columns.bar[slot] = bar;
    replay.columns.nextBar[slot] = bar + 1;
    replay.columns.privateState.fill(bar, 4 * slot, 4 * slot + 4);
  }
  return replay;
};

describe('mixReplays', () => {
  it('takes the set number of whole rows of each source, one source after the other, and tells each its own errors', () => {
    const [few, many] = [bufferOf([1, 2, 3], 3), bufferOf([100, 101, 102, 103], 5)];
    const mixed = mixReplays([
      { source: few, rows: 3 },
      { source: many, rows: 5 },
    ]);
    const random = createRandom(1, 'mix');
    for (let round = 0; round < 50; round++) {
      const { bars, nextBars, privateState, volatility } = mixed.sample(random, 0.5);
      assert.equal(bars.length, 8);
      bars.forEach((bar, row) => {
        assert.equal(bar >= 100, row >= 3);
        assert.deepEqual(
          [nextBars[row], volatility[row], ...privateState.subarray(4 * row, 4 * row + 4)],
          [bar + 1, bar, bar, bar, bar, bar],
        );
      });
      mixed.update(Float32Array.from(bars, (bar) => bar));
    }
    const close = (weights: unknown, expected: readonly number[]): void =>
      (weights as Float64Array).forEach((weight, slot) => assert.ok(Math.abs(weight - expected[slot]!) < 1e-3, `${weight}`));
    close(few.state().weights, [1, 2, 3]);
    close(many.state().weights, [100, 101, 102, 103]);
  });

  it('draws what is emphasised in proportion, with and without priorities, and surprising ones more often still', () => {
    for (const alpha of [0, 1]) {
      const replay = bufferOf([1, 2, 3], 10, Float64Array.of(1, 2, 5), alpha);
      const random = createRandom(2, 'emphasis');
      const counts = [0, 0, 0, 0];
      const count = (rounds: number): void => {
        counts.fill(0);
        for (let round = 0; round < rounds; round++) for (const bar of replay.sample(random, 1).bars) counts[bar]!++;
      };
      count(1_000);
      for (const [bar, share] of [[1, 1 / 8], [2, 2 / 8], [3, 5 / 8]] as const) assert.ok(Math.abs(counts[bar]! / 10_000 - share) < 0.02, counts.join()); // prettier-ignore
      for (let round = 0; round < 50; round++)
        replay.update(Float32Array.from(replay.sample(random, 1).bars, (bar) => (bar === 1 ? 16 : 1)));
      count(1_000);
      // By error 16 : 1 : 1, times emphasis 1 : 2 : 5.
      const expected = alpha === 0 ? 1 / 8 : 16 / 23;
      assert.ok(Math.abs(counts[1]! / 10_000 - expected) < 0.02, counts.join());
    }
  });
});

describe('createTrainer with what was lived', () => {
  const config = smallTrainingConfig({ replay: { newFraction: 0.5 }, priority: { enabled: true } });
  const advance = (trainer: Trainer, untilStep: number): TrainerState => {
    while (trainer.step() < untilStep) trainer.advance();
    return structuredClone(trainer.state());
  };

  it('learns something else than without, and ends with the same bits when it was stopped and resumed', () => {
    const livedOnes = livedTransitionsOf(config);
    const undisturbed = advance(smallTrainer(config, livedOnes), 2_400);
    assert.notDeepEqual(undisturbed.tensors, advance(smallTrainer(config), 2_400).tensors);
    const stopped = advance(smallTrainer(config, livedOnes), 1_204);
    const resumed = smallTrainer(config, livedOnes);
    resumed.restore(stopped);
    assert.deepEqual(advance(resumed, 2_400), undisturbed);
    const forgetful = smallTrainer(config, livedOnes);
    const fresh = smallTrainer(config, livedOnes).state().columns;
    const columns = Object.fromEntries(
      Object.entries(stopped.columns).map(([name, column]) => [name, name.startsWith('lived') ? fresh[name]! : column]),
    );
    forgetful.restore({ ...stopped, columns });
    assert.notDeepEqual(advance(forgetful, 2_400).tensors, undisturbed.tensors, 'what is known of lived errors must be part of the state');
  });
});
