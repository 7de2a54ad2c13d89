import { z } from 'zod';
import { createChallengers } from './challengers.js';
import { isoTime, nothing } from '../database/database.js';
import type { Database } from '../database/database.js';
import { appendEvent } from '../events.js';
import { takeTurn } from './take-turn.js';

const named = z.object({ instrument: z.string(), bucket: z.string(), name: z.string(), bundle: z.string() });
const kept = named.extend({ registeredAt: isoTime, neededAs: z.string().nullable() });

/** A version with the artifact id of its model. */
export type NamedVersion = z.output<typeof named>;

/** A version whose model is kept, and why it has to be: null when nothing needs it. */
export type KeptVersion = z.output<typeof kept>;

export interface Needs {
  readonly challengerDays: number;
  /** For so long after a version stopped being live its schema is known to those who tell experiences. */
  readonly schemaGraceHours: number;
}

/** Which models are kept. Records, lineage and decisions of versions are never deleted. */
export const createRetention = (database: Database) => ({
  /** All versions whose models are kept, oldest first. Needed are those that are live, were promoted or live lately, are pinned, or wait as challenger. */
  async present({ challengerDays, schemaGraceHours }: Needs): Promise<KeptVersion[]> {
    const found = await database.query(kept, PRESENT, [schemaGraceHours]);
    const challengers = createChallengers(database);
    const needs = async (version: KeptVersion): Promise<KeptVersion> => {
      if (version.neededAs !== null) return version;
      const waiting = await challengers.current(version.instrument, version.bucket, challengerDays);
      return waiting?.version === version.name ? { ...version, neededAs: 'challenger' } : version;
    };
    return Promise.all(found.map(needs));
  },

  /** All versions whose models are not. */
  removed: (): Promise<NamedVersion[]> =>
    database.query(named, `select instrument, bucket, name, bundle from version where ${GONE} order by instrument, bucket, number`),

  /** Notes that a version's model is deleted, before it is: from then on nobody can put it live. Once per version, and not at all for one that is live or pinned by now; says whether it is noted. */
  remove: ({ instrument, bucket, name }: Pick<NamedVersion, 'instrument' | 'bucket' | 'name'>, reason: string): Promise<boolean> =>
    database.transaction(async (queries) => {
      await takeTurn(queries, instrument, bucket);
      const noted = await queries.query(
        nothing,
        `insert into version_removal (instrument, bucket, version, reason)
         select $1, $2, $3, $4
         where not exists (select from production where instrument = $1 and bucket = $2 and version = $3 and live_until is null)
           and not exists (select from version_pin where instrument = $1 and bucket = $2 and version = $3)
         on conflict do nothing returning 1`,
        [instrument, bucket, name, reason],
      );
      if (noted.length > 0)
        await appendEvent(queries, { kind: 'modelDeleted', instrument, actor: 'ratchet', payload: { bucket, version: name, reason } });
      return noted.length > 0;
    }),
});

const GONE = `exists (select from version_removal as gone
  where gone.instrument = version.instrument and gone.bucket = version.bucket and gone.version = version.name)`;

const PRESENT = `
  select instrument, bucket, name, bundle, registered_at, case
    when exists (select from production as live
      where live.instrument = version.instrument and live.bucket = version.bucket and live.version = version.name and live_until is null)
      then 'live'
    when exists (select from version_pin as pin
      where pin.instrument = version.instrument and pin.bucket = version.bucket and pin.version = version.name)
      then 'pinned'
    when name in (select promoted.version from (
        select event.version, max(event.id) as last from production_event as event
        where event.instrument = version.instrument and event.bucket = version.bucket and event.kind in ('promote', 'rollback')
          and event.role = 'production'
        group by event.version order by last desc limit 3) as promoted)
      then 'promoted lately'
    when exists (select from production as past
      where past.instrument = version.instrument and past.bucket = version.bucket and past.version = version.name
        and past.live_until > now() - make_interval(secs => 3600 * $1::double precision))
      then 'live lately'
  end as needed_as
  from version where not ${GONE} order by instrument, bucket, number`;
