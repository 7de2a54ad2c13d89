import { z } from 'zod';
import type { DriftLook } from '../domain/drift/drift-look.js';
import { operationKey } from '../domain/ids.js';
import { appendEvent } from './events.js';
import { isoTime, storedObject, type Database } from './database/database.js';

const KIND = 'driftLooked';

const stored = z.object({ look: storedObject<DriftLook>(), at: isoTime });

/** A look for drift as it is kept. */
export interface RecordedDriftLook extends DriftLook {
  /** ISO 8601. */
  readonly at: string;
}

/** Looks for drift, each an event: one for every window of sessions that a version was looked at. */
export const createDriftLooks = (database: Database) => ({
  /** Keeps a look; the same window of the same version again changes nothing. */
  record: (instrument: string, bucket: string, look: DriftLook): Promise<void> =>
    database.transaction((queries) =>
      appendEvent(queries, {
        kind: KIND,
        instrument,
        actor: 'ratchet',
        payload: { bucket, look },
        operationKey: keyOf(instrument, bucket, look.version, look.to),
      }),
    ),

  /** The look at the window of a version that ends at `to`; null where it was not looked at yet. */
  async find(instrument: string, bucket: string, version: string, to: string): Promise<DriftLook | null> {
    const key = keyOf(instrument, bucket, version, to);
    const [found] = await database.query(stored, `select payload -> 'look' as look, at from event where operation_key = $1`, [key]);
    return found?.look ?? null;
  },

  /** Newest first. */
  async list(instrument: string, bucket: string, limit = 20): Promise<RecordedDriftLook[]> {
    const found = await database.query(
      stored,
      `select payload -> 'look' as look, at from event
       where kind = '${KIND}' and instrument = $1 and payload ->> 'bucket' = $2 order by id desc limit $3`,
      [instrument, bucket, limit],
    );
    return found.map(({ look, at }) => ({ ...look, at }));
  },
});

const keyOf = (instrument: string, bucket: string, version: string, to: string): string =>
  operationKey(`${instrument}/${bucket}/${version}/${to}`, KIND);
