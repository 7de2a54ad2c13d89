import assert from 'node:assert/strict';
import { crossHeads, crossRows, modelsToCross } from '../../../src/domain/sequence/cross-evaluation.js';
import type { BucketResult } from '../../../src/domain/sequence/sequence.js';

const decided = (bucket: string, version: string): BucketResult => ({
  bucket,
  runId: `run of ${version}`,
  source: null,
  result: {
    kind: 'decided',
    runId: `run of ${version}`,
    version,
    verdict: 'HOLD',
    installedAs: null,
    live: null,
    sharpe: null,
    summary: '',
  },
});
const skipped: BucketResult = { bucket: 'Long', runId: 'r', source: null, result: { kind: 'skipped', runId: 'r', summary: '' } };

describe('a cross-evaluation', () => {
  it('is of the newest model of each bucket that has one', () => {
    const results = [decided('Scalping', 'v1'), decided('Short', 'v2'), skipped, decided('Scalping', 'v3')];
    assert.deepEqual(modelsToCross(results), [
      { bucket: 'Scalping', runId: 'run of v3', version: 'v3' },
      { bucket: 'Short', runId: 'run of v2', version: 'v2' },
    ]);
  });

  it('shows a row for each model and a column for each task', () => {
    const models = modelsToCross([decided('Scalping', 'v1'), decided('Short', 'v2')]);
    assert.deepEqual(crossHeads({ models }), ['model', 'as Scalping', 'as Short']);
    assert.deepEqual(crossRows({ models, returns: [[0.01, -0.002], [null, 0]] }), [
      ['Scalping v1', '+1.000 %', '−0.200 %'],
      ['Short v2', 'other bars', '+0.000 %'],
    ]); // prettier-ignore
  });
});
