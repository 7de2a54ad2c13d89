import assert from 'node:assert/strict';
import { RecordConflict, StaleEpoch } from '../../../src/registry/errors.js';
import { runSql } from '../../support/services/postgres.js';
import { dataset, freshRegistry } from '../../support/registry/registry.js';

const begun = {
  id: 'train-ES-000001',
  instrument: 'ES',
  bucket: 'default',
  dataset: null,
  parent: null,
  seed: 42,
  config: { trainSteps: 10 },
};

describe('the runs', () => {
  let registry: Awaited<ReturnType<typeof freshRegistry>>;
  before(async () => (registry = await freshRegistry()));

  it('begin once, and learn their dataset later', async () => {
    await registry.datasets.save(dataset());
    const first = await registry.runs.begin(begun);
    const again = await registry.runs.begin({ ...begun, dataset: dataset().id });
    assert.deepEqual(again, { ...first, dataset: dataset().id });
    await assert.rejects(registry.runs.begin({ ...begun, instrument: 'NQ' }), RecordConflict);
    assert.equal((await registry.runs.list({ instrument: 'ES' })).length, 1);
  });

  it('give every claimant another epoch, however many claim at once', async () => {
    const epochs = await Promise.all(Array.from({ length: 20 }, () => registry.runs.claimEpoch(begun.id)));
    assert.deepEqual(
      epochs.toSorted((a, b) => a - b),
      Array.from({ length: 20 }, (_, i) => i + 1),
    );
    await registry.runs.assertEpoch({ runId: begun.id, epoch: 20 });
    await assert.rejects(registry.runs.assertEpoch({ runId: begun.id, epoch: 19 }), StaleEpoch);
  });

  it('refuse progress and metrics of an attempt that was replaced', async () => {
    const old = await registry.runs.claimEpoch(begun.id);
    const newest = await registry.runs.claimEpoch(begun.id);
    await registry.runs.recordProgress({ runId: begun.id, epoch: newest }, { step: 5 });
    await assert.rejects(registry.runs.recordProgress({ runId: begun.id, epoch: old }, { step: 9 }), StaleEpoch);
    await assert.rejects(registry.runMetrics.record({ runId: begun.id, epoch: old }, 9, { loss: 1 }), StaleEpoch);
    assert.deepEqual((await registry.runs.get(begun.id))?.progress, { step: 5 });
  });

  it('keep at most 2,000 points of their curves, the newest always among them', async () => {
    const epoch = await registry.runs.claimEpoch(begun.id);
    const curve = { loss: 0.5, reward: null };
    await runSql(
      registry.databaseUrl,
      `insert into run_metric (run, step, numbers) select '${begun.id}', step, '{"loss": 1}' from generate_series(1, 1990) step`,
    );
    for (let step = 1_991; step <= 2_010; step++) await registry.runMetrics.record({ runId: begun.id, epoch }, step, curve);
    const points = await registry.runMetrics.ofRun(begun.id);
    assert.ok(points.length <= 2_000 && points.length >= 1_000, `${points.length} points`);
    assert.deepEqual({ step: points.at(-1)?.step, numbers: points.at(-1)?.numbers }, { step: 2_010, numbers: curve });
    assert.deepEqual(
      points.map(({ step }) => step),
      points.map(({ step }) => step).toSorted((a, b) => a - b),
    );
  });

  it('close with their outcome and keep the time of the first closing', async () => {
    const first = await registry.runs.finish(begun.id, 'failed', { reason: 'out of memory' });
    const again = await registry.runs.finish(begun.id, 'promoted', { version: 'v1' });
    assert.deepEqual([again.status, again.outcome, again.finishedAt], ['promoted', { version: 'v1' }, first.finishedAt]);
    await assert.rejects(registry.runs.finish('train-ES-000009', 'failed', {}), /no run "train-ES-000009" is registered/);
  });
});
