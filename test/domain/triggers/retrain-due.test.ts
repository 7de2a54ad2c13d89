import assert from 'node:assert/strict';
import { retrainDue } from '../../../src/domain/triggers/retrain-due.js';
import { quickSettings } from '../../support/loops/learners.js';

describe('retrainDue', () => {
  const settings = { ...quickSettings, retrainFrequency: 1_000, minExperiences: 500 };
  for (const [fresh, total, running, due, why] of [
    [1_000, 1_000, null, true, '1000 of 1000 new experiences, 1000 of 500 ever'],
    [999, 4_000, null, false, '999 of 1000 new experiences, 4000 of 500 ever'],
    [1_000, 499, null, false, '1000 of 1000 new experiences, 499 of 500 ever'],
    [2_000, 4_000, 'train-ES-000002', false, 'train-ES-000002 runs already'],
  ] as const)
    it(`says ${due ? 'due' : 'not due'} with ${fresh} new and ${total} ever, ${running ?? 'nothing'} running`, () => {
      assert.deepEqual(retrainDue({ experiences: { fresh, total }, settings, runningTraining: running }), { due, why });
    });

  it('is never due where experiences are to ask for nothing', () => {
    const never = { ...settings, retrainFrequency: 0 };
    assert.equal(retrainDue({ experiences: { fresh: 9_999, total: 9_999 }, settings: never, runningTraining: null }).due, false);
  });
});
