import assert from 'node:assert/strict';
import type { Registry } from '../../src/registry/open-registry.js';
import { evidence } from '../support/evaluation/gate-evidence.js';
import { runSql } from '../support/services/postgres.js';
import { freshRegistry, seedVersions, sha256 } from '../support/registry/registry.js';

describe('what is history', () => {
  for (const table of ['version', 'decision', 'trial', 'production_event', 'event'])
    it(`cannot be changed or deleted in ${table}`, async () => {
      const registry = await freshRegistry();
      await fillHistory(registry);
      await assert.rejects(runSql(registry.databaseUrl, `update ${table} set instrument = 'NQ'`), /append-only/);
      await assert.rejects(runSql(registry.databaseUrl, `delete from ${table}`), /append-only/);
    });
});

const fillHistory = async (registry: Registry): Promise<void> => {
  const [version] = await seedVersions(registry, 1);
  const place = { operationKey: 'once', instrument: 'ES', bucket: 'default', run: null };
  await registry.trials.record({ ...place, weightsHash: sha256('weights'), sharpe: 0.1, bars: 10, periodsPerYear: 252, metrics: {} });
  await registry.decisions.record({
    ...place,
    version: version!.name,
    decision: { verdict: 'PROMOTE', profile: 'simple', rules: [], barsNeeded: null, summary: 'better' },
    evidence: evidence(),
  });
  await registry.production.promote({
    ...place,
    version: version!.name,
    decision: null,
    expectedPrevious: null,
    actor: 'ratchet',
    reason: 'better',
  });
};
