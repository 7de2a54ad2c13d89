import assert from 'node:assert/strict';
import { createRandom } from '../../src/learning/random.js';
import type { ProductionEvent } from '../../src/registry/production/change-production.js';
import { openRegistry } from '../../src/registry/open-registry.js';
import { startPostgresServer, type PostgresServer } from '../support/services/postgres-server.js';
import { runSql } from '../support/services/postgres.js';
import { recordingLogger } from '../support/recording-logger.js';
import { chaosPlaces, InvariantBroken, registryChaos, type ChaosOptions } from '../support/registry/registry-chaos.js';

const isLong = process.env.RATCHET_FAULTS === 'long';
const size = isLong
  ? { operations: 10_000, serverKills: 20, clientKills: 60, times: 1_000 }
  : { operations: 160, serverKills: 1, clientKills: 2, times: 200 };

describe('production changed from eight processes while PostgreSQL and they are killed', function () {
  this.timeout(isLong ? 3_600_000 : 120_000);
  let server: PostgresServer;
  beforeEach(async () => void (server = await startPostgresServer({ max_connections: '200' })));
  afterEach(() => server.remove());

  const chaos = (more: Partial<ChaosOptions> = {}) => registryChaos({ server, seed: 7, clients: 8, rude: 0, ...size, ...more });

  it('never has two versions live, loses nothing acknowledged, and tells for every time what its events tell', async () => {
    const result = await chaos();
    const stored = await runSql(server.url, 'select operation_key from production_event');
    const keys = new Set(stored.map((row) => row.operation_key));
    assert.equal(keys.size, stored.length);
    assert.deepEqual(result.acknowledged.filter((key) => !keys.has(key)), []); // prettier-ignore
    assert.ok(result.acknowledged.length > size.operations / 2, `${result.acknowledged.length} acknowledged`);

    const registry = await openRegistry({ databaseUrl: server.url, logger: recordingLogger() });
    let asked = 0;
    try {
      for (const { instrument, bucket } of chaosPlaces) {
        const events = await registry.production.history(instrument, bucket);
        assertLinear(events);
        for (const time of timesIn(events, size.times / chaosPlaces.length)) {
          const found = await registry.production.at(instrument, bucket, time);
          assert.deepEqual(found === null ? null : { version: found.version, isExpired: found.expiredAt !== null }, replayed(events, time));
          asked++;
        }
      }
    } finally {
      await registry.close();
    }
    if (isLong)
      console.log(
        `      ${result.acknowledged.length} done, ${result.refused} refused, ${result.serverKills} kills of PostgreSQL, ${result.clientKills} of clients, ${result.looks} looks, ${asked} times, ${Math.round(result.seconds)} s`,
      );
  });

  /** Some write by hand what the registry writes, without waiting for their turn. */
  const withRudeClients = { operations: isLong ? 2_000 : 120, serverKills: isLong ? 4 : 0, clientKills: isLong ? 12 : 0, rude: 2 };

  it('never has two versions live when some of them do not even wait for their turn', async () => {
    const { acknowledged, refused } = await chaos(withRudeClients);
    assert.ok(refused > 0 && acknowledged.some((key) => /^client [01] /.test(key)));
  });

  it('would then have two live, were it not for the unique index', async () => {
    await (await openRegistry({ databaseUrl: server.url, logger: recordingLogger() })).close();
    await runSql(server.url, 'drop index one_live_version');
    await assert.rejects(chaos({ ...withRudeClients, operations: 5_000 }), InvariantBroken);
  });
});

/** Each change begins with what the one before left. */
const assertLinear = (events: readonly ProductionEvent[]): void => {
  events.forEach(({ previous, at }, i) => {
    assert.equal(previous, events[i - 1]?.version ?? null, `event ${i}`);
    assert.ok(i === 0 || at > events[i - 1]!.at, `event ${i} at ${at}`);
  });
};

/** What the events up to a time leave live. */
const replayed = (events: readonly ProductionEvent[], time: string): { readonly version: string; readonly isExpired: boolean } | null =>
  events
    .filter(({ at }) => at <= time)
    .reduce<ReturnType<typeof replayed>>((_, { kind, version }) => ({ version, isExpired: kind === 'expire' }), null);

/** Random times from before the first event to after the last, the moments of some events themselves among them. */
const timesIn = (events: readonly ProductionEvent[], count: number): string[] => {
  const random = createRandom(3, 'times');
  const [first, last] = [Date.parse(events[0]!.at), Date.parse(events.at(-1)!.at)];
  return Array.from({ length: count }, (_, i) =>
    i % 4 === 0
      ? events[random.integer(events.length)]!.at
      : new Date(first - 100 + Math.floor(random.uniform() * (last - first + 200))).toISOString(),
  );
};
