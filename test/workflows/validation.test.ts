import assert from 'node:assert/strict';
import { createValidationClient } from '../../src/client/validations.js';
import { validationId } from '../../src/domain/ids.js';
import { TooFewSessions } from '../../src/domain/validation/session-groups.js';
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
      const validations = createValidationClient(environment);
      const { id } = await validations.start({ instrument, method: 'cpcv' });
      assert.equal(id, validationId(instrument, 1));
      const validating = async () => (await validations.state(id)).phase === 'validating';
      await until(async () => state.underWay === 3 && (await validating())).finally(letGo);
      const { report } = await validations.result(id);
      assert.equal(state.most, 3);
      assert.deepEqual([report.splits.length, report.paths.length, report.method], [12, 6, 'cpcv']);
      const asked = calls.flatMap(({ name, request }) => (name === 'validateSplit' ? [request as SplitRequest] : []));
      assert.deepEqual(
        new Set(asked.map(({ split, trial }) => `${split.name}/${trial}`)),
        new Set(report.splits.map(({ split, trial }) => `${split}/${trial}`)),
      );
      assert.equal(new Set(asked.map(({ key }) => key)).size, 1);
      assert.deepEqual(report.splits.map(({ split, trial }) => `${split}/${trial}`), report.splits.map(({ split, trial }) => `${split}/${trial}`).sort()); // prettier-ignore
      assert.deepEqual(await validations.state(id), {
        validationId: id,
        instrument,
        bucket: 'default',
        method: 'cpcv',
        phase: 'done',
        finished: 12,
        total: 12,
        failure: null,
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
      const validations = createValidationClient(environment);
      const { id } = await validations.start({ instrument: freshInstrument(), method: 'cpcv' });
      const { report } = await validations.result(id);
      assert.equal(report.overfitting, null);
      assert.deepEqual([...tried].sort(), ['s01', 's02', 's03', 's04', 's05', 's06'].map((name) => [name, name === 's03' ? 2 : 1])); // prettier-ignore
    });
  });

  it('is not started twice for one instrument, is refused while another runs, and takes the next number after the last one', async () => {
    const environment = await temporal();
    const validations = createValidationClient(environment);
    const { letGo, validateSplit } = heldSplits();
    const { activities } = stubActivities({ validateSplit });
    await withWorkers({ environment, activities }, async () => {
      const instrument = freshInstrument();
      const first = await validations.start({ instrument, method: 'walk-forward' });
      const again = await validations.start({ instrument, method: 'walk-forward' });
      assert.deepEqual([again.id, first.started, again.started], [first.id, true, false]);
      const refused = { name: 'Refused', message: /runs, of bucket default by walk-forward: wait for its end/ };
      await assert.rejects(validations.start({ instrument, method: 'cpcv' }), refused);
      await assert.rejects(validations.start({ instrument, method: 'walk-forward', bucket: 'Short' }), refused).finally(letGo);
      await validations.result(first.id);
      const next = await validations.start({ instrument, bucket: 'Short', method: 'cpcv' });
      assert.deepEqual([next.id, next.started], [validationId(instrument, 2), true]);
      assert.equal((await validations.result(next.id)).report.bucket, 'Short');
    });
  });

  it('that failed says why, and one that was never started is missing', async () => {
    const environment = await temporal();
    const validations = createValidationClient(environment);
    const { activities } = stubActivities({ planValidation: () => Promise.reject(new TooFewSessions('nine sessions are too few')) });
    await withWorkers({ environment, activities }, async () => {
      const { id } = await validations.start({ instrument: freshInstrument(), method: 'cpcv' });
      await assert.rejects(validations.result(id), {
        name: 'ValidationFailed',
        message: `${id} ended without a report: nine sessions are too few`,
      });
      const { phase, failure } = await validations.state(id);
      assert.deepEqual([phase, failure], ['planning', `${id} ended without a report: nine sessions are too few`]);
      await assert.rejects(validations.state(validationId(freshInstrument(), 1)), { name: 'ValidationMissing' });
    });
  });
});
