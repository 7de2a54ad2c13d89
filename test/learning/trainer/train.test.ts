import assert from 'node:assert/strict';
import type { TrainerState } from '../../../src/learning/trainer/create-trainer.js';
import { train, type TrainingProgress, type TrainOptions } from '../../../src/learning/trainer/train.js';
import { smallTrainer } from '../../support/learning/small-training.js';

const run = async (more: Partial<TrainOptions> = {}) => {
  const saved: TrainerState[] = [];
  const reports: TrainingProgress[] = [];
  let [time, breaths] = [0, 0];
  const trainer = smallTrainer();
  const { finished } = await train({
    trainer,
    untilStep: 1_002,
    trainSteps: 4_000,
    checkpointEvery: 300,
    checkpoint: (state) => {
      saved.push(structuredClone(state));
      return Promise.resolve();
    },
    onProgress: (progress) => reports.push(progress),
    progressEveryMs: 1_000,
    breathe: () => {
      breaths++;
      return Promise.resolve();
    },
    shouldStop: () => false,
    clock: { now: () => (time += 5) },
    ...more,
  });
  return { finished, saved, reports, breaths, trainer };
};

describe('train', () => {
  it('ends at the first step of all lanes past the mark, with checkpoints at each interval and at the end', async () => {
    const { finished, saved, trainer } = await run();
    assert.equal(finished, true);
    assert.equal(trainer.step(), 1_004);
    assert.deepEqual(
      saved.map(({ step }) => step),
      [300, 600, 900, 1_004],
    );
  });

  it('does not save the same step twice', async () => {
    assert.deepEqual(
      (await run({ untilStep: 600 })).saved.map(({ step }) => step),
      [300, 600],
    );
  });

  it('stops on request at the end of a step, with a checkpoint', async () => {
    let asked = 0;
    const { finished, saved } = await run({ shouldStop: () => ++asked > 10 });
    assert.equal(finished, false);
    assert.deepEqual(
      saved.map(({ step }) => step),
      [40],
    );
  });

  it('reports progress no more often than asked, lets the event loop turn, and estimates the time left', async () => {
    const { reports, breaths } = await run();
    assert.ok(reports.length >= 2 && reports.length <= 4, `${reports.length} reports`);
    assert.ok(breaths >= 10, `${breaths} breaths`);
    const { step, environmentStepsPerSecond, secondsLeft } = reports.at(-1)!;
    assert.equal(step, 1_004);
    assert.ok(Math.abs(secondsLeft! - (4_000 - 1_004) / environmentStepsPerSecond) < 1e-9);
  });

  it('passes on what a failing checkpoint throws', async () => {
    await assert.rejects(run({ checkpoint: () => Promise.reject(new Error('disk on fire')) }), /disk on fire/);
  });
});
