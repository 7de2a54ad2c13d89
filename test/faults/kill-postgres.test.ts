import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { ProductionConflict } from '../../src/registry/errors.js';
import { openRegistry } from '../../src/registry/open-registry.js';
import type { Registry } from '../../src/registry/open-registry.js';
import { startPostgresServer } from '../support/services/postgres-server.js';
import type { PostgresServer } from '../support/services/postgres-server.js';
import { runSql } from '../support/services/postgres.js';
import { recordingLogger } from '../support/recording-logger.js';
import { seedVersions } from '../support/registry/registry.js';
import { until } from '../support/until.js';

/** Acknowledged promotions before each kill. */
const PROMOTIONS = 15;
const ROUNDS = Number(process.env.RATCHET_FAULT_ROUNDS ?? 3);

/** Promotes one version after the other, repeating what failed under its own key, and keeps the keys that were acknowledged. */
const promoteUntilStopped = async (
  registry: Registry,
  names: readonly string[],
  acknowledged: string[],
  stopped: () => boolean,
): Promise<void> => {
  for (let i = acknowledged.length; !stopped();) {
    try {
      const previous = (await registry.production.current('ES', 'default'))?.version ?? null;
      const version = names[i % names.length]!;
      const place = { instrument: 'ES', bucket: 'default', actor: 'ratchet', reason: 'test', decision: null };
      await registry.production.promote({ ...place, operationKey: `promotion-${i}`, version, expectedPrevious: previous });
      acknowledged.push(`promotion-${i++}`);
    } catch (error) {
      assert.ok(!(error instanceof ProductionConflict), String(error));
      await delay(5);
    }
  }
};

const runRounds = async (server: PostgresServer, registry: Registry, rounds: number) => {
  const names = (await seedVersions(registry, 3)).map((version) => version.name);
  const acknowledged: string[] = [];
  let lost: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const state = { isStopped: false };
    const promoting = promoteUntilStopped(registry, names, acknowledged, () => state.isStopped);
    const enough = acknowledged.length + PROMOTIONS;
    await until(() => acknowledged.length >= enough);
    await server.kill();
    state.isStopped = true;
    await promoting;
    await server.start();
    const stored = await runSql(server.url, 'select operation_key from production_event');
    const keys = new Set(stored.map((row) => row.operation_key));
    lost = acknowledged.filter((key) => !keys.has(key));
    assert.equal(keys.size, stored.length);
    const [row] = await runSql(server.url, 'select count(*)::int as live from production where live_until is null');
    assert.equal(row?.live, keys.size > 0 ? 1 : 0);
    if (lost.length > 0) break;
  }
  return { acknowledged, lost };
};

describe('PostgreSQL killed between promotions', () => {
  let server: PostgresServer;
  let registry: Registry;
  beforeEach(async () => {
    // A slow writer of the log makes visible at once what a lazy commit would lose.
    server = await startPostgresServer({ wal_writer_delay: '10s' });
    registry = await openRegistry({ databaseUrl: server.url, logger: recordingLogger() });
  });
  afterEach(async () => {
    await registry.close();
    await server.remove();
  });

  it('loses none that was acknowledged and leaves one version live', async () => {
    const { acknowledged, lost } = await runRounds(server, registry, ROUNDS);
    assert.deepEqual(lost, []);
    assert.ok(acknowledged.length >= PROMOTIONS * ROUNDS, `${acknowledged.length} acknowledged`);
  });

  it('would lose some with synchronous_commit off, which is why the registry refuses to start with it', async () => {
    await runSql(server.url, 'alter system set synchronous_commit = off');
    await runSql(server.url, 'select pg_reload_conf()');
    const { lost } = await runRounds(server, registry, ROUNDS);
    assert.ok(lost.length > 0);
  });
});
