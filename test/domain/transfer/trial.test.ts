import assert from 'node:assert/strict';
import type { Proposal, ProposeRequest } from '../../../src/domain/transfer/steps.js';
import { afterArm, openArms, type TransferTrial } from '../../../src/domain/transfer/trial.js';
import { splitResult } from '../../support/evaluation/validation.js';
import { frozenDataset } from '../../support/loops/stubbed-activities.js';

const source = { bucket: 'Scalping', version: 'v1', bundle: 'a'.repeat(64) };
const request: ProposeRequest = {
  runId: 'sequence-ES-000001-Short',
  instrument: 'ES',
  bucket: 'Short',
  dataset: frozenDataset,
  source,
  parent: null,
};
const plan = { source: source.bundle, kinds: ['weights'], shares: { weights: 0.3, featureImportance: 0, horizons: 0 } } as const;
const trial = {
  config: 'c'.repeat(64),
  plan,
  training: { from: 0, to: 600 },
  validation: { from: 700, to: 800 },
  periodsPerYear: 2_520,
  seeds: 3,
  parallel: 2,
};
const proposal: Proposal = {
  kind: 'proposed',
  kinds: ['weights'],
  fallback: null,
  sizes: { weights: 100 },
  horizons: [],
  repeatEvery: null,
  trial,
};
const fresh: TransferTrial = { proposal, arms: [], settled: null };

describe('the arms of a transfer', () => {
  it('are a training with and one without it for each seed, equal in everything else', () => {
    const arms = openArms(fresh, request);
    assert.deepEqual(arms.map((arm) => [arm.transferred, arm.request.trial]), [[true, 0], [false, 0], [true, 1], [false, 1], [true, 2], [false, 2]]); // prettier-ignore
    const [treated, control] = arms;
    const { transfer, split, ...same } = treated?.request ?? assert.fail('there is none');
    const { split: other, ...equal } = control?.request ?? assert.fail('there is none');
    assert.deepEqual([transfer, same], [plan, equal]);
    assert.deepEqual([split.training, split.test], [[trial.training], [trial.validation]]);
    assert.deepEqual({ ...other, name: 'with' }, split);
  });

  it('are done once, in whatever order they come', () => {
    const arms = openArms(fresh, request);
    const [one, two] = [arms[3] ?? assert.fail('fourth'), arms[0] ?? assert.fail('first')];
    const first = afterArm(fresh, one, splitResult({ trial: 1, totalReturn: 0.2 }));
    const both = afterArm(first, two, splitResult({ trial: 0, totalReturn: 0.1 }));
    assert.deepEqual(both.arms, [
      { transferred: true, trial: 0, totalReturn: 0.1 },
      { transferred: false, trial: 1, totalReturn: 0.2 },
    ]);
    assert.deepEqual(openArms(both, request).map((arm) => [arm.transferred, arm.request.trial]), [[false, 0], [true, 1], [true, 2], [false, 2]]); // prettier-ignore
  });

  it('are none where nothing is measured', () => {
    assert.deepEqual(openArms({ ...fresh, proposal: { ...proposal, trial: { unmeasured: 'switched off' } } }, request), []);
    assert.deepEqual(openArms({ ...fresh, proposal: { kind: 'refused', reason: 'other layers' } }, request), []);
  });
});
