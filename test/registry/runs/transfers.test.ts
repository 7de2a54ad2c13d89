import assert from 'node:assert/strict';
import type { Transfer } from '../../../src/domain/transfer/transfer.js';
import { runSql } from '../../support/services/postgres.js';
import { freshRegistry, seedVersions } from '../../support/registry/registry.js';

describe('the transfers', () => {
  let registry: Awaited<ReturnType<typeof freshRegistry>>;
  let transfer: Transfer;
  before(async () => {
    registry = await freshRegistry();
    const [version] = await seedVersions(registry, 1);
    const run = { id: 'sequence-ES-000001-Short', instrument: 'ES', bucket: 'Short', dataset: null, parent: null, seed: 1, config: {} };
    await registry.runs.begin(run);
    transfer = {
      run: run.id,
      instrument: 'ES',
      from: { bucket: 'default', version: version?.name ?? '' },
      to: 'Short',
      occasion: 'initial',
      kinds: ['weights', 'horizons'],
      fallback: null,
      sizes: { weights: 1_234, horizons: 5 },
      horizons: [{ horizon: 12, weight: 1 }],
      repeatEvery: null,
      effect: { measured: false, reason: 'the control was switched off to save its time' },
      verdict: { used: true, reason: 'unmeasured' },
    };
  });

  it('are recorded once for each training, and found by it', async () => {
    const first = await registry.transfers.record(transfer);
    assert.deepEqual(await registry.transfers.record({ ...transfer, verdict: { used: false, reason: 'other' } }), first);
    assert.deepEqual(await registry.transfers.ofRun(transfer.run), first);
    assert.equal(await registry.transfers.ofRun('train-ES-000001'), null);
    const { id, at, ...kept } = first;
    assert.deepEqual(kept, transfer);
    assert.deepEqual([id, Number.isFinite(Date.parse(at))], [1, true]);
  });

  it('are listed by instrument, newest first', async () => {
    assert.deepEqual((await registry.transfers.list({ instrument: 'ES' })).map(({ to }) => to), ['Short']); // prettier-ignore
    assert.deepEqual(await registry.transfers.list({ instrument: 'NQ' }), []);
    assert.deepEqual(await registry.transfers.list({ before: 1 }), []);
  });

  it('come from registered versions only, and are never changed', async () => {
    await assert.rejects(registry.transfers.record({ ...transfer, run: 'train-ES-000009' }), /foreign key/);
    await assert.rejects(runSql(registry.databaseUrl, 'delete from transfer'), /append-only|may not/);
  });
});
