import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { TrainingJob } from '../../src/domain/training/trainer-protocol.js';
import { isAlive, startAttempt, type Attempt } from '../support/learning/trainer-attempt.js';
import { trainingJob } from '../support/learning/training-job.js';
import { faultRounds } from '../support/loops/fault-rounds.js';
import { freshRegistry } from '../support/registry/registry.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** For so long at least it is stopped in the long form, which is when it is said to be forgotten. */
const STOPPED_MS = process.env.RATCHET_FAULTS === 'long' ? 60_000 : 0;

describe('a trainer that was stopped while another attempt took its run over', function () {
  this.timeout(180_000);
  const folder = temporaryFolder();

  /** Two machines, each with checkpoints of its own: the first attempt is stopped, the second trains to the end, the first wakes. */
  const takeOver = async (name: string, fenced: boolean): Promise<{ first: Attempt; pid: number; job: TrainingJob; left: string[] }> => {
    const job = await trainingJob(join(folder(), name), { trainSteps: 4_000, checkpointEvery: 100 });
    const { runs } = await freshRegistry();
    const { runId, instrument, bucket } = job;
    await runs.begin({ id: runId, instrument: instrument.id, bucket, dataset: null, parent: null, seed: 1, config: {} });
    const attempt = async (checkpointFolder: string): Promise<Attempt> => {
      const fence = { runId, epoch: await runs.claimEpoch(runId) };
      return startAttempt(
        { ...job, epoch: fence.epoch, checkpointFolder },
        { assertEpoch: () => (fenced ? runs.assertEpoch(fence) : Promise.resolve()) },
      );
    };
    const first = await attempt(job.checkpointFolder);
    await first.reached(200);
    const pid = await first.started;
    process.kill(pid, 'SIGSTOP');
    const since = performance.now();
    const left = await readdir(job.checkpointFolder);
    const second = await attempt(join(folder(), name, 'elsewhere'));
    assert.ok((await second.result).bundle !== null);
    await delay(Math.max(0, STOPPED_MS - (performance.now() - since)));
    process.kill(pid, 'SIGCONT');
    return { first, pid, job, left };
  };

  for (const round of faultRounds({ short: 1, long: 10 }))
    it(`publishes nothing when it wakes (${round})`, async () => {
      const { first, pid, job, left } = await takeOver(`fenced-${round}`, true);
      await assert.rejects(first.result, { type: 'EpochSuperseded', nonRetryable: true });
      const whole = (names: readonly string[]): string[] => names.filter((name) => name.startsWith('step-')).sort();
      assert.deepEqual(whole(await readdir(job.checkpointFolder)), whole(left));
      assert.equal(isAlive(pid), false);
    });

  it('would publish, were it not for the epoch', async function () {
    if (STOPPED_MS === 0) this.skip(); // two more trainings
    const { first, job, left } = await takeOver('unfenced', false);
    assert.ok((await first.result).bundle !== null);
    assert.notDeepEqual(await readdir(job.checkpointFolder), left);
  });
});
