import { z } from 'zod';
import { isoTime, nothing } from '../database/database.js';
import type { Database } from '../database/database.js';
import { NotRegistered } from '../errors.js';
import { appendEvent } from '../events.js';
import { resolveVersion, type VersionPlace } from '../resolve-version.js';
import { takeTurn } from './take-turn.js';

/** Who pins a version, or no longer, and why. */
export interface PinOrder {
  readonly instrument: string;
  readonly bucket: string;
  /** As people name versions. */
  readonly written: string;
  readonly by: string;
  readonly reason: string;
}

const keeping = z.object({
  name: z.string(),
  pinnedBy: z.string().nullable(),
  pinnedBecause: z.string().nullable(),
  pinnedAt: isoTime.nullable(),
  /** Why its model was deleted; null while it is kept. */
  deletedBecause: z.string().nullable(),
});

/** What becomes of a version's model. */
export type Keeping = z.output<typeof keeping>;

/** Versions whose models a person wants kept whatever retention says. */
export const createPins = (database: Database) => ({
  /** Pins a version; one that is pinned stays so, for the first reason. Throws as `resolveVersion`, and `NotRegistered` when its model was deleted. */
  pin: ({ instrument, bucket, written, by, reason }: PinOrder): Promise<VersionPlace> =>
    database.transaction(async (queries) => {
      const place = await resolveVersion(queries, instrument, bucket, written);
      await takeTurn(queries, place.instrument, place.bucket);
      const key = [place.instrument, place.bucket, place.name];
      const gone = await queries.query(
        nothing,
        'select 1 from version_removal where instrument = $1 and bucket = $2 and version = $3',
        key,
      );
      if (gone.length > 0) throw new NotRegistered('model of version', place.name, 'it was deleted, and cannot be kept any more');
      const pinned = await queries.query(
        nothing,
        `insert into version_pin (instrument, bucket, version, pinned_by, reason) values ($1, $2, $3, $4, $5) on conflict do nothing returning 1`,
        [...key, by, reason],
      );
      const payload = { bucket: place.bucket, version: place.name, reason };
      if (pinned.length > 0) await appendEvent(queries, { kind: 'versionPinned', instrument: place.instrument, actor: by, payload });
      return place;
    }),

  /** Lets retention have a version again; one that is not pinned stays so. Throws as `resolveVersion`. */
  unpin: ({ instrument, bucket, written, by, reason }: PinOrder): Promise<VersionPlace> =>
    database.transaction(async (queries) => {
      const place = await resolveVersion(queries, instrument, bucket, written);
      const key = [place.instrument, place.bucket, place.name];
      const freed = await queries.query(
        nothing,
        'delete from version_pin where instrument = $1 and bucket = $2 and version = $3 returning 1',
        key,
      );
      const payload = { bucket: place.bucket, version: place.name, reason };
      if (freed.length > 0) await appendEvent(queries, { kind: 'versionUnpinned', instrument: place.instrument, actor: by, payload });
      return place;
    }),

  /** What becomes of the models of some versions of a place, in the order of their names as given. */
  keepingOf: (instrument: string, bucket: string, names: readonly string[]): Promise<Keeping[]> =>
    database.query(
      keeping,
      `select asked.name, pin.pinned_by, pin.reason as pinned_because, pin.pinned_at, gone.reason as deleted_because
       from jsonb_array_elements_text($3::jsonb) with ordinality as asked (name, place)
         left join version_pin as pin on pin.instrument = $1 and pin.bucket = $2 and pin.version = asked.name
         left join version_removal as gone on gone.instrument = $1 and gone.bucket = $2 and gone.version = asked.name
       order by asked.place`,
      [instrument, bucket, JSON.stringify(names)],
    ),
});
