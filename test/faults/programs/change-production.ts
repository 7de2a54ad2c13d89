import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { NotRegistered, ProductionConflict } from '../../../src/registry/errors.js';
import { openDatabase } from '../../../src/registry/database/database.js';
import { createProduction } from '../../../src/registry/production/production.js';
import { createRandom } from '../../../src/learning/random.js';
import type { Acknowledged, ClientOrders } from '../../support/registry/production-client.js';
import { recordingLogger } from '../../support/recording-logger.js';

// Promotes, rolls back and expires for as long as it lives, and says each operation that was acknowledged. What failed on its way is repeated
// under its own key, as an activity is; the same number is the same operation in every process.

const run = async ({ databaseUrl, client, from, places, rude }: ClientOrders): Promise<void> => {
  const database = openDatabase(databaseUrl, recordingLogger());
  const production = createProduction(database);
  for (let number = from; ; number++) {
    const random = createRandom(client, `operation ${number}`);
    const { versions, ...place } = places[random.integer(places.length)]!;
    const version = versions[random.integer(versions.length)]!;
    const kind = (['promote', 'promote', 'rollback', 'expire'] as const)[random.integer(4)]!;
    const key = `client ${client} operation ${number}`;
    const act = async (): Promise<void> => {
      const live = await production.current(place.instrument, place.bucket);
      const order = { ...place, operationKey: key, expectedPrevious: live?.version ?? null, actor: `client ${client}`, reason: 'chaos' };
      if (rude) await promoteWithoutTurn(databaseUrl, key, place, version);
      else if (kind === 'promote') await production.promote({ ...order, version, decision: null });
      else await production[kind](order);
    };
    await tell({ number, key: await untilAcknowledged(key, act) });
  }
};

/** Repeats an operation until the database has acknowledged it; null when it refuses it for good. */
const untilAcknowledged = async (key: string, act: () => Promise<void>): Promise<string | null> => {
  for (;;) {
    try {
      await act();
      return key;
    } catch (error) {
      if (error instanceof NotRegistered || error instanceof Refused) return null;
      if (!(error instanceof ProductionConflict)) await delay(5); // the server is away
    }
  }
};

/** The database's own rule held it back. */
class Refused extends Error {}

/** What `promote` does but for the lock: reads what is live, then writes over it in a transaction. */
const promoteWithoutTurn = async (
  connectionString: string,
  key: string,
  { instrument, bucket }: { readonly instrument: string; readonly bucket: string },
  version: string,
): Promise<void> => {
  const client = new pg.Client({ connectionString });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ event: string; version: string }>(
      'select event, version from production where instrument = $1 and bucket = $2 and live_until is null',
      [instrument, bucket],
    );
    await client.query('begin');
    const { rows: events } = await client.query<{ id: string; at: Date }>(
      `insert into production_event (operation_key, kind, instrument, bucket, version, previous, role, actor, reason, at)
       values ($1, 'promote', $2, $3, $4, $5, 'production', 'by hand', 'chaos', greatest(date_trunc('milliseconds', clock_timestamp()),
         (select max(at) + interval '1 millisecond' from production_event where instrument = $2 and bucket = $3))) returning id, at`,
      [key, instrument, bucket, version, rows[0]?.version ?? null],
    );
    const [event] = events;
    await client.query('update production set live_until = $2 where event = $1 and live_until is null', [
      rows[0]?.event ?? null,
      event!.at,
    ]);
    await client.query(
      `insert into production (event, instrument, bucket, version, role, live_since) values ($1, $2, $3, $4, 'production', $5)`,
      [event!.id, instrument, bucket, version, event!.at],
    );
    await client.query('commit');
  } catch (error) {
    // Another was there first (unique index, a repeated key) or in the same moment (check): for good.
    if (error instanceof pg.DatabaseError && (error.code ?? '').startsWith('23')) throw new Refused();
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
};

const tell = (acknowledged: Acknowledged): Promise<void> =>
  new Promise((resolve) => {
    process.send?.(acknowledged, undefined, {}, () => resolve());
  });

process.on('disconnect', () => process.exit(70));
process.once('message', (orders) => void run(orders as ClientOrders));
