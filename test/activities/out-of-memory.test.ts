import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { ApplicationFailure } from '@temporalio/common';
import { batchAfter } from '../../src/activities/trainer/fit-memory.js';
import { failureOf } from '../../src/activities/trainer/failure.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { startAttempt } from '../support/learning/trainer-attempt.js';
import { trainingJob } from '../support/learning/training-job.js';

describe('a training whose memory runs out', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();

  it('goes on from its checkpoint with half the batch, and tells the next chunk', async function () {
    if (process.platform === 'win32') this.skip(); // there is no abort signal
    const job = await trainingJob(folder(), { trainSteps: 1_000 });
    await startAttempt({ ...job, untilStep: 400 }).result;
    const entry = fileURLToPath(new URL('./programs/aborting-trainer.js', import.meta.url));
    const aborted = startAttempt({ ...job, epoch: 2 }, { entry });
    await assert.rejects(aborted.result, (error) => error instanceof ApplicationFailure && error.type === 'OutOfMemory');
    const last = aborted.heartbeats.at(-1);
    assert.equal(last?.halvings, 1);
    const resumed = startAttempt({ ...job, epoch: 3 }, {}, last);
    const { batchSize, checkpoint } = await resumed.result;
    const whole = Number(job.training.batchSize);
    assert.deepEqual([batchSize, checkpoint.step], [whole / 2, 1_000]);
    const began = resumed.log.find(({ message }) => message === 'training started');
    assert.ok(Number(began?.fields.step) >= 400, 'resumed from the checkpoint of the whole batch');
  });

  it('never halves below eight rows', () => {
    assert.deepEqual(
      [0, 1, 4, 5, 9].map((halvings) => batchAfter(halvings, 256)),
      [256, 128, 16, 8, 8],
    );
    assert.equal(batchAfter(3, 4), 4);
  });

  it('is known by what TensorFlow and V8 say of it', () => {
    for (const message of [
      'OOM when allocating tensor with shape[256,1323]',
      'Array buffer allocation failed',
      'ResourceExhausted: failed to allocate memory',
    ])
      assert.equal(failureOf(new RangeError(message)).type, 'OutOfMemory');
    assert.equal(failureOf(new RangeError('room for 3 only')).type, 'RangeError');
  });
});
