import assert from 'node:assert/strict';
import fc from 'fast-check';
import pg from 'pg';
import { NotRegistered, OperationKeyReused, ProductionConflict, StaleEpoch } from '../../../src/registry/errors.js';
import { runSql } from '../../support/services/postgres.js';
import { freshRegistry, seedVersions } from '../../support/registry/registry.js';

const place = { instrument: 'ES', bucket: 'default' };
const why = { actor: 'ratchet', reason: 'test', decision: null };

const started = async (versions: number) => {
  const registry = await freshRegistry();
  const names = (await seedVersions(registry, versions)).map((version) => version.name);
  const promote = (operationKey: string, version: string, expectedPrevious: string | null) =>
    registry.production.promote({ ...place, ...why, operationKey, version, expectedPrevious });
  const rollback = (operationKey: string, expectedPrevious: string | null, to?: string) =>
    registry.production.rollback({ ...place, ...why, operationKey, expectedPrevious, ...(to === undefined ? {} : { to }) });
  const live = async () => (await registry.production.current('ES', 'default'))?.version ?? null;
  return { registry, names, promote, rollback, live };
};

describe('promotion', () => {
  it('puts a version live and says so in history and events', async () => {
    const { registry, names, promote } = await started(1);
    const { event, repeated } = await promote('a', names[0]!, null);
    const current = await registry.production.current('ES', 'default');
    assert.deepEqual([current?.version, current?.role, current?.liveSince, repeated], [names[0], 'production', event.at, false]);
    assert.deepEqual(await registry.production.history('ES', 'default'), [event]);
    assert.deepEqual(
      (await registry.events.since(0)).map(({ kind, payload }) => [kind, payload.version]),
      [['versionPromoted', names[0]]],
    );
  });

  it('is ended by expiry only in that the version is noted as too old, until another takes its place', async () => {
    const { registry, names, promote, live } = await started(2);
    await promote('a', names[0]!, null);
    const expire = (operationKey: string, expectedPrevious: string) =>
      registry.production.expire({ ...place, actor: 'ratchet', reason: 'old', operationKey, expectedPrevious });
    const { event } = await expire('b', names[0]!);
    assert.deepEqual([event.kind, event.version, event.previous], ['expire', names[0], names[0]]);
    assert.equal((await registry.production.current('ES', 'default'))?.expiredAt, event.at);
    assert.equal(await live(), names[0]);
    const before = new Date(Date.parse(event.at) - 1).toISOString();
    assert.equal((await registry.production.at('ES', 'default', before))?.expiredAt, null);
    assert.equal((await registry.production.at('ES', 'default', event.at))?.expiredAt, event.at);
    assert.deepEqual(await expire('b', names[0]!), { event, repeated: true });
    await promote('c', names[1]!, names[0]!);
    assert.equal((await registry.production.current('ES', 'default'))?.expiredAt, null);
    await assert.rejects(expire('d', names[0]!), ProductionConflict);
    assert.deepEqual((await registry.events.since(0)).map(({ kind }) => kind), ['versionPromoted', 'versionExpired', 'versionPromoted']); // prettier-ignore
  });

  it('answers a repeat with the first answer, also after others were promoted', async () => {
    const { names, promote, live } = await started(2);
    const first = await promote('a', names[0]!, null);
    await promote('b', names[1]!, names[0]!);
    assert.deepEqual(await promote('a', names[0]!, null), { event: first.event, repeated: true });
    assert.equal(await live(), names[1]);
  });

  it('refuses a key that stands for another version', async () => {
    const { names, promote } = await started(2);
    await promote('a', names[0]!, null);
    await assert.rejects(promote('a', names[1]!, names[0]!), OperationKeyReused);
  });

  it('refuses to replace what the caller did not expect', async () => {
    const { names, promote, live } = await started(2);
    await promote('a', names[0]!, null);
    await assert.rejects(promote('b', names[1]!, null), ProductionConflict);
    await assert.rejects(promote('c', names[1]!, names[1]!), ProductionConflict);
    assert.equal(await live(), names[0]);
  });

  it('refuses an attempt that was replaced', async () => {
    const { registry, names, live } = await started(1);
    const runId = 'train-ES-000001';
    await registry.runs.begin({ ...place, id: runId, dataset: null, parent: null, seed: 1, config: {} });
    const epoch = await registry.runs.claimEpoch(runId);
    await registry.runs.claimEpoch(runId);
    const order = { ...place, ...why, operationKey: 'a', version: names[0]!, expectedPrevious: null, fence: { runId, epoch } };
    await assert.rejects(registry.production.promote(order), StaleEpoch);
    assert.equal(await live(), null);
  });

  it('refuses a version that is not registered', async () => {
    const { promote } = await started(1);
    await assert.rejects(promote('a', 'v9_20260101_000000', null), NotRegistered);
  });

  it('lets one of 20 win a race, and leaves one version live', async () => {
    const { registry, names, promote } = await started(20);
    const race = await Promise.allSettled(names.map((name, i) => promote(`key-${i}`, name, null)));
    assert.equal(race.filter((result) => result.status === 'fulfilled').length, 1);
    for (const result of race)
      if (result.status === 'rejected') assert.ok(result.reason instanceof ProductionConflict, String(result.reason));
    assert.equal((await registry.production.all()).length, 1);
    assert.equal((await registry.production.history('ES', 'default')).length, 1);
  });

  it('of what a person calls "previous" is done once, though the words mean another version by then', async () => {
    const { registry, names, promote, live } = await started(2);
    await promote('a', names[0]!, null);
    await promote('b', names[1]!, names[0]!);
    const order = { ...place, ...why, operationKey: 'c', written: 'previous' };
    const first = await registry.production.promoteWritten({ ...order, expectedPrevious: names[1]! });
    const again = await registry.production.promoteWritten({ ...order, expectedPrevious: names[0]! });
    assert.deepEqual([first.event.version, again], [names[0], { event: first.event, repeated: true }]);
    assert.equal(await live(), names[0]);
  });

  it('carries out ten orders that are each sent twice once each', async () => {
    const { registry, names, promote } = await started(10);
    for (const [i, name] of names.entries()) {
      const twice = await Promise.all([0, 1].map(() => promote(`key-${i}`, name, names[i - 1] ?? null)));
      assert.deepEqual(twice.map(({ repeated }) => repeated).toSorted(), [false, true]);
    }
    assert.equal((await registry.production.history('ES', 'default')).length, 10);
  });
});

describe('a baseline', () => {
  it('gives way to a newer baseline and to a promotion, and replaces nothing proven', async () => {
    const { registry, names, promote } = await started(3);
    const install = (operationKey: string, version: string, expectedPrevious: string | null) =>
      registry.production.installBaseline({ ...place, ...why, operationKey, version, expectedPrevious });
    await install('a', names[0]!, null);
    await install('b', names[1]!, names[0]!);
    assert.equal((await registry.production.current('ES', 'default'))?.role, 'baseline');
    await promote('c', names[1]!, names[1]!);
    assert.equal((await registry.production.current('ES', 'default'))?.role, 'production');
    await assert.rejects(install('d', names[2]!, names[1]!), ProductionConflict);
  });
});

describe('rollback', () => {
  it('goes back to the version before, and from there to the one that was rolled back', async () => {
    const { names, promote, rollback, live } = await started(2);
    await promote('a', names[0]!, null);
    await promote('b', names[1]!, names[0]!);
    await rollback('c', names[1]!);
    assert.equal(await live(), names[0]);
    await rollback('d', names[0]!);
    assert.equal(await live(), names[1]);
  });

  it('is prepared for: the model that it would put back is told beforehand, and none where there is none or it was deleted', async () => {
    const { registry, names, promote, rollback } = await started(3);
    const bundles = (await registry.versions.list('ES', 'default')).toReversed().map(({ bundle }) => bundle);
    assert.deepEqual(await registry.production.standby(), []);
    await promote('a', names[0]!, null);
    assert.deepEqual(await registry.production.standby(), []);
    await promote('b', names[1]!, names[0]!);
    await promote('c', names[2]!, names[1]!);
    assert.deepEqual(await registry.production.standby(), [bundles[1]]);
    await rollback('d', names[2]!);
    assert.deepEqual(await registry.production.standby(), [bundles[2]]);
    await registry.retention.remove({ ...place, name: names[2]! }, 'test');
    const { event } = await rollback('e', names[1]!);
    assert.equal(event.version, names[0]);
  });

  it('is done once, however often it is asked for', async () => {
    const { names, promote, rollback, live } = await started(2);
    await promote('a', names[0]!, null);
    await promote('b', names[1]!, names[0]!);
    const results = await Promise.all([1, 2, 3].map(() => rollback('c', names[1]!)));
    assert.equal(results.filter(({ repeated }) => !repeated).length, 1);
    assert.equal(await live(), names[0]);
  });

  it('goes to any version that was live, in the role that it had, and to no other', async () => {
    const { registry, names, promote, rollback } = await started(4);
    await registry.production.installBaseline({ ...place, ...why, operationKey: 'a', version: names[0]!, expectedPrevious: null });
    await promote('b', names[1]!, names[0]!);
    await promote('c', names[2]!, names[1]!);
    await assert.rejects(rollback('d', names[2]!, names[3]), NotRegistered);
    await rollback('e', names[2]!, names[0]);
    const current = await registry.production.current('ES', 'default');
    assert.deepEqual([current?.version, current?.role], [names[0], 'baseline']);
  });

  it('says that there is nothing to go back to', async () => {
    const { names, promote, rollback } = await started(1);
    await promote('a', names[0]!, null);
    await assert.rejects(rollback('b', names[0]!), /no former version "previous" is registered/);
  });
});

describe('what was live at a time', () => {
  it('equals the replay of the events, at every instant around them', async () => {
    const { registry, names, promote, rollback, live } = await started(4);
    const moves = fc.sample(fc.record({ to: fc.nat(3), isRollback: fc.boolean() }), { numRuns: 60, seed: 7 });
    for (const [i, { to, isRollback }] of moves.entries()) {
      const present = await live();
      await (isRollback ? rollback(`move-${i}`, present) : promote(`move-${i}`, names[to]!, present)).catch((error: unknown) => {
        assert.ok(error instanceof NotRegistered, String(error)); // a rollback with nothing to go back to
      });
    }
    const events = await registry.production.history('ES', 'default');
    assert.ok(events.length > 50);
    for (const instant of events.flatMap(({ at }) => [-1, 0, 1].map((ms) => Date.parse(at) + ms))) {
      const replayed = events.findLast(({ at }) => Date.parse(at) <= instant)?.version ?? null;
      const stored = await registry.production.at('ES', 'default', new Date(instant).toISOString());
      assert.equal(stored?.version ?? null, replayed);
    }
  });
});

describe('the index on the live version', () => {
  // Clients that know nothing of the registry's lock and swap by themselves: what is left of the guarantee is the index.
  const race = async (databaseUrl: string, clients: number): Promise<number> => {
    await runSql(
      databaseUrl,
      `insert into production_event (operation_key, kind, instrument, bucket, version, role, actor, reason, at)
       select 'race-' || n, 'promote', instrument, bucket, name, 'production', 'race', 'test', now()
       from version, generate_series(1, ${clients}) n where number = 1`,
    );
    const connections = Array.from({ length: clients }, () => new pg.Client({ connectionString: databaseUrl }));
    await Promise.all(connections.map((client) => client.connect()));
    await Promise.all(connections.map((client) => client.query('begin')));
    await Promise.all(connections.map((client) => client.query('update production set live_until = now() where live_until is null')));
    await Promise.allSettled(
      connections.map(async (client, i) => {
        await client.query(
          `insert into production (event, instrument, bucket, version, role, live_since)
           select id, instrument, bucket, version, role, at from production_event where operation_key = 'race-${i + 1}'`,
        );
        await client.query('commit');
      }),
    );
    await Promise.all(connections.map((client) => client.end()));
    const [row] = await runSql(databaseUrl, 'select count(*)::int as live from production where live_until is null');
    return Number(row?.live);
  };

  it('leaves one live version of 20 writers that take no turns', async () => {
    const { registry } = await started(1);
    assert.equal(await race(registry.databaseUrl, 20), 1);
  });

  it('is what prevents more: without it the same race leaves several', async () => {
    const { registry } = await started(1);
    await runSql(registry.databaseUrl, 'drop index one_live_version');
    assert.ok((await race(registry.databaseUrl, 20)) > 1);
  });
});
