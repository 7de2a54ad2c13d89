import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { ActivityCancellationDetails, CancelledFailure } from '@temporalio/common';
import { openFolderStore } from '../../../src/artifacts/folder-store.js';
import type { TrainerHeartbeat, TrainingJob } from '../../../src/domain/training/trainer-protocol.js';
import { loadOnnxPolicy } from '../../../src/evaluation/policies/onnx-policy.js';
import { until } from '../../support/until.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { isAlive, startAttempt } from '../../support/learning/trainer-attempt.js';
import { bundleOf, trainingJob } from '../../support/learning/training-job.js';

/** Long enough to be interrupted anywhere, short enough to be waited for. */
const endless = { trainSteps: 1_000_000, checkpointEvery: 1_000_000 };

const checkpointSteps = async (job: TrainingJob): Promise<number[]> =>
  (await readdir(job.checkpointFolder).catch(() => [])).filter((name) => name.startsWith('step-')).map((name) => Number(name.slice(5, 17)));

const standing = (more: Partial<TrainerHeartbeat>): TrainerHeartbeat => ({
  phase: 'training',
  step: 0,
  trainSteps: null,
  checkpoint: null,
  stepsPerSecond: null,
  loss: null,
  episodeReturn: null,
  failuresWithoutProgress: 0,
  ...more,
});

describe('runTrainerProcess', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();

  it('trains to the end whatever it is signalled, for that is for its parent to say, heartbeats a pointer to the newest checkpoint, and exports a model that loads', async () => {
    const job = await trainingJob(folder(), { trainSteps: 1_200 });
    const attempt = startAttempt(job);
    const pid = await attempt.started;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.kill(pid, signal);
    const { bundle: id, checkpoint, progress } = await attempt.result;
    assert.equal(checkpoint.step, 1_200);
    assert.equal(progress.gradientSteps, 250);
    const last = attempt.heartbeats.at(-1);
    assert.deepEqual([last?.step, last?.trainSteps, last?.checkpoint], [1_200, 1_200, checkpoint]);
    assert.ok(JSON.stringify(last).length < 1_000);
    assert.equal(isAlive(pid), false);

    const bundle = await bundleOf(job, id);
    assert.deepEqual(
      [bundle.dataset, bundle.instrument, bundle.parent, bundle.simulated, bundle.horizon],
      [job.dataset.id, 'TEST', null, true, 5],
    );
    assert.deepEqual(bundle.observation.features, ['return', 'range', 'closeLocation']);
    assert.match(bundle.weightsHash, /^[0-9a-f]{64}$/);
    const onnx = await (await openFolderStore(job.artifactsFolder)).get(bundle.onnx);
    const matrix = { names: bundle.observation.features, rows: 1, values: new Float32Array(3), firstValid: 0 };
    await (await loadOnnxPolicy({ onnx, matrix, lookback: 4, bins: bundle.bins })).release();
  });

  for (const reason of ['cancelRequested', 'workerShutdown', 'paused'] as const)
    it(`checkpoints where it stands and stops on ${reason}`, async () => {
      const job = await trainingJob(folder(), endless);
      const attempt = startAttempt(job);
      await attempt.reached(300);
      attempt.cancel(new ActivityCancellationDetails({ [reason]: true }));
      await assert.rejects(attempt.result, CancelledFailure);
      const [step = 0] = await checkpointSteps(job);
      assert.ok(step >= 300, `checkpoint at ${step}`);
      assert.equal(attempt.heartbeats.at(-1)?.checkpoint?.step, step);
      assert.equal(isAlive(await attempt.started), false);
    });

  for (const reason of ['timedOut', 'notFound'] as const)
    it(`kills the trainer at once on ${reason}, and nothing more is written`, async () => {
      const job = await trainingJob(folder(), endless);
      const attempt = startAttempt(job);
      await attempt.reached(300);
      const asked = performance.now();
      attempt.cancel(new ActivityCancellationDetails({ [reason]: true }));
      await assert.rejects(attempt.result, CancelledFailure);
      assert.ok(performance.now() - asked < 2_000);
      assert.equal(isAlive(await attempt.started), false);
      assert.deepEqual(await checkpointSteps(job), []);
    });

  it('fails as TrainerCrashed, to be tried again, when the process is killed, and goes on from the newest checkpoint', async () => {
    const job = await trainingJob(folder(), { trainSteps: 3_000, checkpointEvery: 100 });
    const attempt = startAttempt(job);
    await attempt.reached(500);
    process.kill(await attempt.started, 'SIGKILL');
    await assert.rejects(attempt.result, { name: 'ApplicationFailure', type: 'TrainerCrashed', nonRetryable: false, message: /SIGKILL/ });
    const next = startAttempt({ ...job, epoch: 2, untilStep: 1_000 });
    await next.result;
    const begun = next.log.find(({ message }) => message === 'training started');
    assert.ok(Number(begun?.fields.step) >= 400, `went on from ${String(begun?.fields.step)}`);
  });

  it('fails as TrainerStalled when the process falls silent, and leaves none behind', async () => {
    const attempt = startAttempt(await trainingJob(folder(), endless), { stallAfterMs: 20_000 });
    await attempt.reached(100);
    const pid = await attempt.started;
    process.kill(pid, 'SIGSTOP');
    await assert.rejects(attempt.result, { type: 'TrainerStalled', nonRetryable: false });
    assert.equal(isAlive(pid), false);
  });

  it('gives up with NoProgress when attempts keep failing at the same checkpoint', async () => {
    const job = await trainingJob(folder(), endless);
    const attempt = startAttempt(job, {}, standing({ failuresWithoutProgress: 3 }));
    process.kill(await attempt.started, 'SIGKILL');
    await assert.rejects(attempt.result, { type: 'NoProgress', nonRetryable: true, message: /4 attempts in a row .* TrainerCrashed/ });
  });

  it('counts only failures without a new checkpoint', async () => {
    const job = await trainingJob(folder(), { trainSteps: 1_000_000, checkpointEvery: 100 });
    const attempt = startAttempt(job, {}, standing({ failuresWithoutProgress: 3 }));
    await attempt.reached(300);
    process.kill(await attempt.started, 'SIGKILL');
    await assert.rejects(attempt.result, { type: 'TrainerCrashed' });
    assert.equal(attempt.heartbeats.at(-1)?.failuresWithoutProgress, 1);
  });

  it('does not try again what a person must mend, such as a wrong configuration', async () => {
    const job = await trainingJob(folder());
    await assert.rejects(startAttempt({ ...job, training: { ...job.training, batchSize: -1 } }).result, {
      type: 'BadConfig',
      nonRetryable: true,
      message: /batchSize/,
    });
  });

  it('commits nothing once another attempt owns the run', async () => {
    const job = await trainingJob(folder(), { trainSteps: 5_000, checkpointEvery: 100 });
    const stale = Object.assign(new Error('epoch 1 is over'), { name: 'StaleEpoch' });
    await assert.rejects(startAttempt(job, { assertEpoch: () => Promise.reject(stale) }).result, {
      type: 'EpochSuperseded',
      nonRetryable: true,
    });
    assert.deepEqual(await readdir(job.checkpointFolder), []);
  });

  it('waits while the registry is away, and goes on when it answers', async () => {
    const job = await trainingJob(folder(), { trainSteps: 600 });
    let asked = 0;
    const attempt = startAttempt(job, {
      assertEpoch: () => (++asked === 1 ? Promise.reject(new Error('connect ECONNREFUSED')) : Promise.resolve()),
    });
    assert.equal((await attempt.result).checkpoint.step, 600);
    assert.ok(attempt.log.some(({ message, fields }) => message.startsWith('training waits') && fields.reason === 'connect ECONNREFUSED'));
  });

  it('pauses while the disk is full and goes on by itself when there is room', async function () {
    if (spawnSync('prlimit', ['--version']).status !== 0) this.skip();
    const job = await trainingJob(folder(), { trainSteps: 1_200, checkpointEvery: 100 });
    const attempt = startAttempt(job);
    const pid = String(await attempt.started);
    execFileSync('prlimit', ['--pid', pid, '--fsize=1000:unlimited']);
    const waits = (): boolean =>
      attempt.heartbeats.some(({ phase }) => phase === 'waiting') || attempt.log.some(({ fields }) => fields.reason === 'diskFull');
    await until(waits);
    const left = await checkpointSteps(job);
    execFileSync('prlimit', ['--pid', pid, '--fsize=unlimited:unlimited']);
    assert.equal((await attempt.result).checkpoint.step, 1_200);
    assert.ok(left.every((step) => step < 1_200));
    assert.ok(
      (await readdir(job.checkpointFolder)).every((name) => name.startsWith('step-')),
      'nothing temporary is left',
    );
  });

  it('fails as DiskFull, to be tried again in a minute, when patience ends', async function () {
    if (spawnSync('prlimit', ['--version']).status !== 0) this.skip();
    const job = await trainingJob(folder(), { trainSteps: 1_200, checkpointEvery: 100 }, { patienceMs: 100 });
    const attempt = startAttempt(job);
    execFileSync('prlimit', ['--pid', String(await attempt.started), '--fsize=1000:unlimited']);
    await assert.rejects(attempt.result, { type: 'DiskFull', nonRetryable: false, nextRetryDelay: '1 minute' });
    assert.equal(attempt.heartbeats.at(-1)?.failuresWithoutProgress, 0);
  });

  it('lets one process at a time train a run: the second waits, then gives up', async () => {
    const job = await trainingJob(folder(), endless);
    const first = startAttempt(job);
    await first.started;
    const second = startAttempt({ ...job, epoch: 2, patienceMs: 400 });
    await assert.rejects(second.result, { type: 'RunLocked', nonRetryable: false });
    const third = startAttempt({ ...job, epoch: 3 });
    process.kill(await first.started, 'SIGKILL');
    await third.started;
    third.cancel(new ActivityCancellationDetails({ notFound: true }));
    await assert.rejects(third.result);
  });
});
