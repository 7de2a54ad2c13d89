import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failureOf } from '../../../src/activities/trainer/failure.js';
import { failureKind } from '../../../src/domain/failures.js';
import type { ModelBundle } from '../../../src/domain/model/model.js';
import { bundleOf, runHere, trainingJob } from '../../support/learning/training-job.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

describe('runJob', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();

  it('trains in chunks to the same weights as in one go, and exports only at the end', async () => {
    const whole = await trainingJob(join(folder(), 'whole'), { trainSteps: 1_000 });
    const chunked = await trainingJob(join(folder(), 'chunked'), { trainSteps: 1_000 });
    const { result: first } = await runHere({ ...chunked, untilStep: 430 });
    assert.deepEqual([first?.bundle, first?.checkpoint.step], [null, 432]);
    const { result: second } = await runHere({ ...chunked, epoch: 2 });
    const { result: one } = await runHere(whole);
    assert.equal(second?.bundle, one?.bundle, 'the whole bundle is the same, byte by byte');
    assert.match((await bundleOf(whole, one?.bundle ?? null)).weightsHash, /^[0-9a-f]{64}$/);
  });

  it('uses the checkpoint before a damaged one, sets that aside, and ends with the same model', async () => {
    const job = await trainingJob(folder(), { trainSteps: 800, checkpointEvery: 200 });
    const { result: whole } = await runHere(job);
    const newest = (await readdir(job.checkpointFolder)).sort().at(-1) ?? '';
    await writeFile(join(job.checkpointFolder, newest, 'learner.safetensors'), 'rot');
    const { result: again } = await runHere({ ...job, epoch: 2 });
    assert.ok(whole !== null);
    assert.equal(again?.bundle, whole.bundle);
    assert.ok((await readdir(job.checkpointFolder)).some((name) => name.startsWith(`quarantine-${newest}`)));
  });

  it('starts a retrain from its parent in part, and from scratch when the parent does not fit', async () => {
    const job = await trainingJob(folder(), { trainSteps: 400 });
    const parent = (await runHere(job)).result?.bundle ?? null;
    const retrain = async (runId: string, training: object): Promise<ModelBundle> => {
      const next = await trainingJob(
        folder(),
        { trainSteps: 400, ...training },
        { runId, parent, checkpointFolder: join(folder(), runId) },
      );
      return bundleOf(next, (await runHere(next)).result?.bundle ?? null);
    };
    const [child, other] = [await retrain('child', {}), await retrain('other', { agent: { trunk: [8], head: 0, auxiliaryHead: 0 } })];
    assert.deepEqual([child.parent, other.parent], [parent, null]);
    assert.notEqual(child.weightsHash, (await bundleOf(job, parent)).weightsHash);
  });

  for (const [what, change, type, message] of [
    ['bars of another frequency', { frequency: '1h', lookback: 4, features: ['return'] }, 'BadConfig', /frequency is 1h/],
    ['a feature that there is not', { frequency: '1m', lookback: 4, features: ['astrology'] }, 'UnknownFeature', /"astrology".*return/],
    ['too few bars', null, 'TooLittleData', /./],
  ] as const)
    it(`fails for good, as a person must mend it, with ${what}`, async () => {
      const job = await trainingJob(
        folder(),
        change === null ? {} : { environment: change },
        change === null ? { trainingRange: { from: 0, to: 3 } } : {},
      );
      await assert.rejects(runHere(job), (error) => {
        const failure = failureOf(error);
        assert.equal(failure.type, type);
        assert.match(failure.message, message);
        return !failureKind(failure.type).retryable;
      });
    });
});
