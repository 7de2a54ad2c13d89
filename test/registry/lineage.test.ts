import assert from 'node:assert/strict';
import { placeName } from '../../src/domain/lineage/ancestors.js';
import { migrate } from '../../src/registry/migrate.js';
import { openRegistry } from '../../src/registry/open-registry.js';
import { freshDatabase, runSql } from '../support/services/postgres.js';
import { recordingLogger } from '../support/recording-logger.js';
import { dataset, freshRegistry, newVersion, trainedTo } from '../support/registry/registry.js';

const MARCH = '2026-03-01T00:00:00.000Z';
const MAY = '2026-05-01T00:00:00.000Z';
const JUNE = '2026-06-01T00:00:00.000Z';

describe('the lineage of a version', () => {
  it('holds what every ancestor learned from, through parents and transfers, of other buckets and instruments too', async () => {
    const registry = await freshRegistry();
    await registry.datasets.save(dataset());
    const other = { instrument: 'NQ', bucket: 'Scalping' };
    const tuned = [trainedTo(MARCH), trainedTo(JUNE, { kind: 'tuning', source: 'study 4', reachMs: 7 })];
    const donor = await registry.versions.register(newVersion('donor', { ...other, sources: tuned }));
    const parent = await registry.versions.register(newVersion('parent', { sources: [trainedTo(MARCH)], transfers: [donor] }));
    const child = await registry.versions.register(newVersion('child', { parent: parent.name, sources: [trainedTo(MAY)] }));
    const stranger = await registry.versions.register(newVersion('stranger', { sources: [trainedTo(MARCH)] }));

    const ancestors = await registry.versions.lineage('ES', 'default', child.name);
    assert.deepEqual(
      ancestors.map(({ kind, source, horizon, reachMs, through }) => [kind, source, horizon, reachMs, through.map(placeName).join(' ')]),
      [
        ['dataset', dataset().id, MAY, 1_800_000, placeName(child)],
        ['dataset', dataset().id, MARCH, 1_800_000, [child, parent].map(placeName).join(' ')],
        ['dataset', dataset().id, MARCH, 1_800_000, [child, parent, donor].map(placeName).join(' ')],
        ['tuning', 'study 4', JUNE, 7, [child, parent, donor].map(placeName).join(' ')],
      ],
    );
    assert.deepEqual(
      [donor, parent, child, stranger].map(({ dataHorizon }) => dataHorizon),
      [JUNE, JUNE, JUNE, MARCH],
    );
    assert.equal((await registry.versions.lineage('ES', 'default', stranger.name)).length, 1);
    assert.deepEqual(await registry.versions.lineage('ES', 'default', 'v9_20260101_000000'), []);
  });

  it('is recorded once when a registration is repeated, and is never changed', async () => {
    const registry = await freshRegistry();
    await registry.datasets.save(dataset());
    const { name } = await registry.versions.register(newVersion('key'));
    await registry.versions.register(newVersion('key'));
    assert.equal((await registry.versions.lineage('ES', 'default', name)).length, 1);
    for (const change of [`update version_source set horizon = now()`, 'delete from version_source'])
      await assert.rejects(runSql(registry.databaseUrl, change), /version_source is append-only/);
  });

  it('is not registered without anything learned from, or with a version that nobody knows', async () => {
    const registry = await freshRegistry();
    await registry.datasets.save(dataset());
    await assert.rejects(registry.versions.register(newVersion('none', { sources: [] })), /null value in column "data_horizon"/);
    const unknown = { instrument: 'ES', bucket: 'default', name: 'v9_20260101_000000' };
    await assert.rejects(registry.versions.register(newVersion('far', { transfers: [unknown] })), /foreign key/);
    assert.deepEqual(await registry.versions.list('ES', 'default'), []);
  });

  it('is made up for versions of earlier schemas from their dataset, parent and the configuration of their run', async () => {
    const databaseUrl = await freshDatabase();
    await migrate(databaseUrl, { logger: recordingLogger(), upTo: 3 });
    const config = { training: { environment: { lookback: 120 }, nStep: 3, hindsight: { horizon: 30 } } };
    await runSql(
      databaseUrl,
      `insert into dataset (id, instrument, frequency_ms, artifact, bars, sessions, first_close, last_close, quality, simulated)
         values ('${dataset().id}', 'ES', 60000, 'a', 1, 1, now(), now(), 1, true);
       insert into run (id, instrument, bucket, seed, config) values ('train-ES-000001', 'ES', 'default', 1, '${JSON.stringify(config)}');
       insert into version (instrument, bucket, number, name, operation_key, bundle, weights_hash, parent, run, dataset, data_horizon, metrics, simulated, registered_at)
         values ('ES', 'default', 1, 'v1', 'a', 'b', 'w', null, 'train-ES-000001', '${dataset().id}', '${MAY}', '{}', true, now()),
                ('ES', 'default', 2, 'v2', 'b', 'c', 'x', 'v1', null, '${dataset().id}', '${JUNE}', '{}', true, now())`,
    );
    const registry = await openRegistry({ databaseUrl, logger: recordingLogger() });
    try {
      const ancestors = await registry.versions.lineage('ES', 'default', 'v2');
      assert.deepEqual(
        ancestors.map(({ kind, horizon, reachMs, through }) => [kind, horizon, reachMs, through.length]),
        [
          ['dataset', JUNE, 0, 1],
          ['normaliser', JUNE, 0, 1],
          ['dataset', MAY, 150 * 60_000, 2],
          ['normaliser', MAY, 150 * 60_000, 2],
        ],
      );
    } finally {
      await registry.close();
    }
  });
});
