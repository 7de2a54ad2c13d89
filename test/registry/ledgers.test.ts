import assert from 'node:assert/strict';
import { OperationKeyReused, RecordConflict } from '../../src/registry/errors.js';
import type { Registry } from '../../src/registry/open-registry.js';
import { evidence } from '../support/evaluation/gate-evidence.js';
import { dataset, freshRegistry, ingestReport as report, seedVersions, sha256 } from '../support/registry/registry.js';

describe('the file ledger', () => {
  let registry: Registry;
  before(async () => (registry = await freshRegistry()));

  it('enters the same content once, under whatever name it comes', async () => {
    assert.deepEqual(await registry.files.record('a/ES.txt', report('one')), { isNew: true });
    assert.deepEqual(await registry.files.record('b/copy.txt', report('one')), { isNew: false });
    assert.deepEqual(await registry.files.record('a/ES.txt', report('two')), { isNew: true });
    const files = await registry.files.ofInstrument('ES');
    assert.deepEqual(
      files.map((file) => [file.pathId, file.report.sha256]),
      [
        ['a/ES.txt', sha256('one')],
        ['a/ES.txt', sha256('two')],
      ],
    );
  });

  it('lets a content that takes the place of another be the newest, also one that came before, and once for each change', async () => {
    const { files } = await freshRegistry();
    const order = async (): Promise<string[]> => (await files.ofInstrument('ES')).map(({ report: { sha256: found } }) => found);
    const [old, young] = [sha256('old'), sha256('young')];
    for (const content of ['old', 'young']) await files.record('ES.txt', report(content));
    assert.deepEqual(await files.at('ES', 'ES.txt'), { sha256: young, revision: 1 });
    await files.record('copy.txt', report('old'));
    assert.deepEqual(await order(), [old, young]);
    for (const isNew of [false, false]) {
      assert.deepEqual(await files.record('ES.txt', report('old')), { isNew });
      assert.deepEqual([await order(), await files.at('ES', 'ES.txt')], [[young, old], { sha256: old, revision: 2 }]);
    }
    assert.equal(await files.at('ES', 'NQ.txt'), null);
  });

  it('gives the quarantined lines of one file, and leaves them out of the list', async () => {
    await registry.files.record('c.txt', { ...report('three'), instrument: 'NQ' });
    assert.deepEqual((await registry.files.report('NQ', sha256('three')))?.quarantine, report('three').quarantine);
    const [listed] = await registry.files.ofInstrument('NQ');
    assert.equal(listed !== undefined && 'quarantine' in listed.report, false);
    assert.equal(await registry.files.report('NQ', sha256('one')), null);
  });
});

describe('the datasets', () => {
  it('gives back what was saved, and the first of two with one id', async () => {
    const { datasets } = await freshRegistry();
    assert.deepEqual(await datasets.save(dataset()), dataset());
    assert.deepEqual(await datasets.save(dataset({ artifact: sha256('other parquet') })), dataset());
    assert.deepEqual(await datasets.get(dataset().id), dataset());
    assert.equal(await datasets.get(sha256('none')), null);
  });

  it('refuses one instrument’s bars under another', async () => {
    const { datasets } = await freshRegistry();
    await datasets.save(dataset());
    await assert.rejects(datasets.save(dataset({ instrument: 'NQ' })), RecordConflict);
  });
});

describe('the trial ledger', () => {
  const scored = (operationKey: string, sharpe: number | null) => ({
    operationKey,
    instrument: 'ES',
    bucket: 'default',
    run: null,
    weightsHash: sha256(operationKey),
    sharpe,
    bars: 390,
    periodsPerYear: 98_280,
    metrics: { trades: 40 },
  });

  it('counts a candidate once, and refuses its key for another', async () => {
    const { trials } = await freshRegistry();
    const first = await trials.record(scored('a', 0.01));
    assert.deepEqual(await trials.record(scored('a', 0.01)), first);
    await assert.rejects(trials.record({ ...scored('a', 0.01), weightsHash: sha256('b') }), OperationKeyReused);
    assert.equal((await trials.sinceLastPromotion('ES', 'default')).length, 1);
  });

  it('starts to count anew after a promotion, not after a baseline', async () => {
    const registry = await freshRegistry();
    const [version] = await seedVersions(registry, 1);
    const order = { instrument: 'ES', bucket: 'default', version: version!.name, decision: null, actor: 'ratchet', reason: 'test' };
    const sharpes = async () => (await registry.trials.sinceLastPromotion('ES', 'default')).map((trial) => trial.sharpe);
    await registry.trials.record(scored('a', 0.01));
    await registry.production.installBaseline({ ...order, operationKey: 'baseline', expectedPrevious: null });
    await registry.trials.record(scored('b', null));
    assert.deepEqual(await sharpes(), [0.01, null]);
    await registry.production.promote({ ...order, operationKey: 'promote', expectedPrevious: version!.name });
    await registry.trials.record(scored('c', 0.02));
    assert.deepEqual(await sharpes(), [0.02]);
  });
});

describe('the decisions', () => {
  const judged = {
    operationKey: 'decide-1',
    instrument: 'ES',
    bucket: 'default',
    run: null,
    decision: { verdict: 'HOLD', profile: 'balanced', rules: [], barsNeeded: 500, summary: 'too little evidence' },
    evidence: evidence({ dsr: null }),
  } as const;

  it('keep every number of the evidence', async () => {
    const registry = await freshRegistry();
    const [version] = await seedVersions(registry, 1);
    const recorded = await registry.decisions.record({ ...judged, version: version!.name });
    assert.deepEqual(recorded.evidence, judged.evidence);
    assert.deepEqual(await registry.decisions.get(recorded.id), recorded);
    assert.deepEqual(await registry.decisions.record({ ...judged, version: version!.name }), recorded);
    assert.deepEqual(await registry.decisions.list({ instrument: 'ES' }), [recorded]);
  });

  it('refuse a key that stands for another verdict', async () => {
    const { decisions } = await freshRegistry();
    await decisions.record({ ...judged, version: null });
    await assert.rejects(
      decisions.record({ ...judged, version: null, decision: { ...judged.decision, verdict: 'REJECT' } }),
      OperationKeyReused,
    );
  });
});
