import assert from 'node:assert/strict';
import { numberOfValidation, validationId } from '../../../src/domain/ids.js';
import { gapsOf, hullOf } from '../../../src/domain/validation/split.js';
import {
  afterSplit,
  newValidation,
  splitRequests,
  validationCard,
  validationProgress,
  type ValidationRun,
} from '../../../src/domain/validation/validation-run.js';
import { splitResult, validationPlan } from '../../support/evaluation/validation.js';

const place = { validationId: 'validate-ES-000001', instrument: 'ES', bucket: 'default' };

describe('a validation run', () => {
  it('asks for every trial of every split', () => {
    const requests = splitRequests(newValidation(place, 'cpcv'), validationPlan({ trials: 3 }), 'key');
    assert.equal(requests.length, 6 * 3);
    assert.equal(new Set(requests.map(({ split, trial }) => `${split.name} ${trial}`)).size, 18);
  });

  it('keeps results in order of split and trial, however they come, and counts them', () => {
    const plan = validationPlan();
    const come = [['s02', 1], ['s01', 0], ['s02', 0], ['s01', 1]] as const; // prettier-ignore
    const begun: ValidationRun = { ...newValidation(place, 'cpcv'), plan };
    const run = come.reduce((state, [split, trial]) => afterSplit(state, splitResult({ split, trial })), begun);
    assert.deepEqual(run.results.map(({ split, trial }) => [split, trial]), [['s01', 0], ['s01', 1], ['s02', 0], ['s02', 1]]); // prettier-ignore
    assert.deepEqual([validationProgress(run).finished, validationProgress(run).total], [4, 12]);
    assert.match(validationCard(run), /trainings \| 4 of 12/);
    assert.deepEqual(JSON.parse(JSON.stringify(run)), run);
  });

  it('is known by a number that its id gives back, and other ids do not', () => {
    assert.equal(validationId('ES', 7), 'validate-ES-000007');
    assert.equal(numberOfValidation('ES', 'validate-ES-000007'), 7);
    for (const id of ['train-ES-000007', 'validate-ESX-000007', 'validate-ES-7', 'validate-ES-000007-s01'])
      assert.equal(numberOfValidation('ES', id), null, id);
  });

  it('spans its ranges, and what lies between them is what is left out', () => {
    const ranges = [{ from: 3, to: 5 }, { from: 8, to: 9 }, { from: 9, to: 20 }]; // prettier-ignore
    assert.deepEqual(hullOf(ranges), { from: 3, to: 20 });
    assert.deepEqual(gapsOf(ranges), [{ from: 5, to: 8 }, { from: 9, to: 9 }]); // prettier-ignore
    assert.throws(() => hullOf([]), RangeError);
  });
});
