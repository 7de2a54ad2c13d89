import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TrainerMessage, TrainingJob } from '../../../src/domain/training/trainer-protocol.js';
import { TrainingDiverged } from '../../../src/learning/trainer/health.js';
import { runHere, trainingJob } from '../../support/learning/training-job.js';

describe('a training whose health fails', function () {
  this.timeout(120_000);
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'ratchet-health-'))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const jobAt = (learningRate: number): Promise<TrainingJob> =>
    trainingJob(folder, { trainSteps: 900, trainEvery: 2, agent: { trunk: [32], head: 16, auxiliaryHead: 0, learningRate } });

  it('goes back to the last good checkpoint with half the rate, ends, and ends alike when it is stopped and resumed after that', async () => {
    const job = await jobAt(0.1);
    const whole = await runHere(job);
    assert.ok(whole.result !== null);
    const { rollbacks, learningRate, step } = whole.result.progress;
    assert.ok(rollbacks >= 1 && rollbacks <= 3, `${rollbacks} rollbacks`);
    assert.equal(learningRate, 0.1 * 0.5 ** rollbacks);
    assert.equal(step, 900);
    const starts = whole.messages.filter((message) => message.kind === 'started');
    assert.equal(starts.length, rollbacks + 1);

    await rm(job.checkpointFolder, { recursive: true });
    const stopped = await runHere(job, { stopAt: 700 });
    assert.equal(stopped.result, null);
    const resumed = await runHere(job);
    const [start] = resumed.messages;
    assert.ok(start?.kind === 'started' && start.step >= 700);
    assert.equal(resumed.result?.progress.rollbacks, rollbacks);
    assert.equal(resumed.result.bundle, whole.result.bundle);
  });

  it('is given up after going back three times', async () => {
    const job = await jobAt(5);
    const messages: TrainerMessage[] = [];
    await assert.rejects(runHere(job, { messages }), TrainingDiverged);
    assert.equal(messages.filter((message) => message.kind === 'started').length, 4);
  });
});
