import { z } from 'zod';
import { isoTime, jsonObject, nothing, wholeNumber } from './database/database.js';
import type { Database, Queries } from './database/database.js';

const event = z.object({
  id: wholeNumber,
  /** What happened, in camel case: `versionPromoted`. */
  kind: z.string(),
  instrument: z.string().nullable(),
  /** Who did it: a person's name, or `ratchet`. */
  actor: z.string(),
  payload: jsonObject,
  at: isoTime,
});

/** Something that people or channels are told. */
export type RegistryEvent = z.output<typeof event>;
export interface NewEvent extends Pick<RegistryEvent, 'kind' | 'instrument' | 'actor'> {
  readonly payload: Readonly<Record<string, unknown>>;
  /** The same key again adds nothing. */
  readonly operationKey?: string;
}

/** The channel on which listeners hear of new events. */
export const EVENTS_CHANNEL = 'ratchet_events';

/** The outbox: append-only, read in order of id by the page, the notifications and the audit. */
export const createEvents = (database: Database) => ({
  append: (added: NewEvent): Promise<void> => database.transaction((queries) => appendEvent(queries, added)),

  /** Events after an id, oldest first. */
  since: (
    id: number,
    { limit = 500, instrument = null }: { readonly limit?: number; readonly instrument?: string | null } = {},
  ): Promise<RegistryEvent[]> =>
    database.query(event, 'select * from event where id > $1 and ($3::text is null or instrument = $3) order by id limit $2', [
      id,
      limit,
      instrument,
    ]),

  /** The newest events, newest first. */
  latest: (limit = 50): Promise<RegistryEvent[]> => database.query(event, 'select * from event order by id desc limit $1', [limit]),
});

/**
 * Adds an event to the caller's transaction, as its last step. Writers take turns until they commit: otherwise a smaller
 * id could become visible after a larger one, and a reader that goes on from the larger would never see it.
 */
export const appendEvent = async (queries: Queries, added: NewEvent): Promise<void> => {
  await queries.query(nothing, `select pg_advisory_xact_lock(hashtextextended('event', 0))`);
  const [inserted] = await queries.query(
    z.object({ id: wholeNumber }),
    `insert into event (operation_key, kind, instrument, actor, payload) values ($1, $2, $3, $4, $5)
     on conflict (operation_key) do nothing returning id`,
    [added.operationKey ?? null, added.kind, added.instrument, added.actor, JSON.stringify(added.payload)],
  );
  if (inserted !== undefined) await queries.query(nothing, 'select pg_notify($1, $2)', [EVENTS_CHANNEL, String(inserted.id)]);
};
