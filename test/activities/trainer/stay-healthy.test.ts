import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runJob } from '../../../src/activities/trainer/run-job.js';
import { openFolderStore } from '../../../src/artifacts/folder-store.js';
import type { TrainerMessage, TrainingJob } from '../../../src/domain/training/trainer-protocol.js';
import { TrainingDiverged } from '../../../src/learning/trainer/health.js';
import { recordingLogger } from '../../support/recording-logger.js';
import { trainingJob } from '../../support/learning/training-job.js';

describe('a training whose health fails', function () {
  this.timeout(120_000);
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'ratchet-health-'))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const jobAt = (learningRate: number): Promise<TrainingJob> =>
    trainingJob(folder, { trainSteps: 900, trainEvery: 2, agent: { trunk: [32], head: 16, auxiliaryHead: 0, learningRate } });

  const run = async (job: TrainingJob, stopAt = Infinity) => {
    const messages: TrainerMessage[] = [];
    const logger = recordingLogger();
    let step = 0;
    await runJob(job, {
      artifacts: await openFolderStore(job.artifactsFolder),
      send(message) {
        messages.push(message);
        if (message.kind === 'checkpointed') step = message.checkpoint.step;
      },
      mayCommit: () => Promise.resolve(),
      shouldStop: () => step >= stopAt,
      logger,
      clock: { now: () => performance.now() },
    });
    const last = messages.at(-1);
    return { messages, result: last?.kind === 'done' ? last.result : null };
  };

  it('goes back to the last good checkpoint with half the rate, ends, and ends alike when it is stopped and resumed after that', async () => {
    const job = await jobAt(0.1);
    const whole = await run(job);
    assert.ok(whole.result !== null);
    const { rollbacks, learningRate, step } = whole.result.progress;
    assert.ok(rollbacks >= 1 && rollbacks <= 3, `${rollbacks} rollbacks`);
    assert.equal(learningRate, 0.1 * 0.5 ** rollbacks);
    assert.equal(step, 900);
    const starts = whole.messages.filter((message) => message.kind === 'started');
    assert.equal(starts.length, rollbacks + 1);

    await rm(job.checkpointFolder, { recursive: true });
    const stopped = await run(job, 700);
    assert.equal(stopped.result, null);
    const resumed = await run(job);
    const [start] = resumed.messages;
    assert.ok(start?.kind === 'started' && start.step >= 700);
    assert.equal(resumed.result?.progress.rollbacks, rollbacks);
    assert.equal(resumed.result.bundle, whole.result.bundle);
  });

  it('is given up after going back three times', async () => {
    const job = await jobAt(5);
    const messages: TrainerMessage[] = [];
    const logger = recordingLogger();
    await assert.rejects(
      runJob(job, {
        artifacts: await openFolderStore(job.artifactsFolder),
        send: (message) => void messages.push(message),
        mayCommit: () => Promise.resolve(),
        shouldStop: () => false,
        logger,
        clock: { now: () => performance.now() },
      }),
      TrainingDiverged,
    );
    assert.equal(messages.filter((message) => message.kind === 'started').length, 4);
  });
});
