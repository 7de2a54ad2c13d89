import assert from 'node:assert/strict';
import { progressOfValidation, startValidation } from '../../src/client/validations.js';
import { validationId } from '../../src/domain/ids.js';
import type { SplitRequest } from '../../src/domain/validation/steps.js';
import { freshInstrument } from '../support/loops/learners.js';
import { stubActivities, type Activities } from '../support/loops/stubbed-activities.js';
import { temporal } from '../support/services/temporal.js';
import { until } from '../support/until.js';
import { splitResult, validationPlan } from '../support/evaluation/validation.js';
import { withWorkers } from '../support/services/workers.js';

/** Splits that wait until they are let go, with how many are under way at most. */
const heldSplits = () => {
  let letGo: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (letGo = resolve));
  const state = { underWay: 0, most: 0, attempts: 0 };
  const validateSplit: Activities['validateSplit'] = async ({ split, trial }) => {
    state.attempts++;
    state.most = Math.max(state.most, ++state.underWay);
    await released;
    state.underWay--;
    return splitResult({ split: split.name, trial });
  };
  return { state, letGo: () => letGo(), validateSplit };
};

describe('validation', function () {
  this.timeout(60_000);

  it('trains every split in every trial, so many at once as planned, and concludes from all of them in order', async () => {
    const environment = await temporal();
    const { state, letGo, validateSplit } = heldSplits();
    const { activities, calls } = stubActivities({ validateSplit });
    await withWorkers({ environment, activities }, async () => {
      const instrument = freshInstrument();
      const running = await startValidation(environment.client, { instrument, method: 'cpcv' });
      assert.equal(running.handle.workflowId, validationId(instrument, 1));
      const validating = async () => (await progressOfValidation(running, instrument)).phase === 'validating';
      await until(async () => state.underWay === 3 && (await validating())).finally(letGo);
      const { report } = await running.handle.result();
      assert.equal(state.most, 3);
      assert.deepEqual([report.splits.length, report.paths.length, report.method], [12, 6, 'cpcv']);
      const asked = calls.flatMap(({ name, request }) => (name === 'validateSplit' ? [request as SplitRequest] : []));
      assert.deepEqual(
        new Set(asked.map(({ split, trial }) => `${split.name}/${trial}`)),
        new Set(report.splits.map(({ split, trial }) => `${split}/${trial}`)),
      );
      assert.equal(new Set(asked.map(({ key }) => key)).size, 1);
      assert.deepEqual(report.splits.map(({ split, trial }) => `${split}/${trial}`), report.splits.map(({ split, trial }) => `${split}/${trial}`).sort()); // prettier-ignore
      assert.deepEqual(await progressOfValidation(running, instrument), {
        validationId: running.handle.workflowId,
        instrument,
        bucket: 'default',
        method: 'cpcv',
        phase: 'done',
        finished: 12,
        total: 12,
      });
    });
  });

  it('tries a split again that failed by chance, and no other', async () => {
    const environment = await temporal();
    const tried = new Map<string, number>();
    const { activities } = stubActivities({
      planValidation: () => Promise.resolve(validationPlan({ trials: 1, parallel: 6 })),
      validateSplit: ({ split, trial }) => {
        const times = (tried.get(split.name) ?? 0) + 1;
        tried.set(split.name, times);
        return split.name === 's03' && times === 1 ? Promise.reject(new Error('the trainer was killed')) : Promise.resolve(splitResult({ split: split.name, trial })); // prettier-ignore
      },
    });
    await withWorkers({ environment, activities }, async () => {
      const { handle } = await startValidation(environment.client, { instrument: freshInstrument(), method: 'cpcv' });
      const { report } = await handle.result();
      assert.equal(report.overfitting, null);
      assert.deepEqual([...tried].sort(), ['s01', 's02', 's03', 's04', 's05', 's06'].map((name) => [name, name === 's03' ? 2 : 1])); // prettier-ignore
    });
  });

  it('is not started twice for one instrument, and takes the next number after the last one', async () => {
    const environment = await temporal();
    const { client } = environment;
    const { letGo, validateSplit } = heldSplits();
    const { activities } = stubActivities({ validateSplit });
    await withWorkers({ environment, activities }, async () => {
      const instrument = freshInstrument();
      const first = await startValidation(client, { instrument, method: 'walk-forward' });
      const again = await startValidation(client, { instrument, method: 'cpcv' }).finally(letGo);
      assert.deepEqual([again.handle.workflowId, first.started, again.started], [first.handle.workflowId, true, false]);
      await first.handle.result();
      const next = await startValidation(client, { instrument, method: 'cpcv' });
      assert.deepEqual([next.handle.workflowId, next.started], [validationId(instrument, 2), true]);
      await next.handle.result();
    });
  });
});
