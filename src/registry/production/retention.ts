import { z } from 'zod';
import { createChallengers } from './challengers.js';
import { nothing } from '../database.js';
import type { Database } from '../database.js';
import { appendEvent } from '../events.js';

const kept = z.object({ instrument: z.string(), bucket: z.string(), name: z.string(), bundle: z.string() });

/** A version with the artifact id of its model. */
export type KeptVersion = z.output<typeof kept>;

export interface RetentionRule {
  /** Newest versions of a place that are kept whatever they are. */
  readonly maxModelVersions: number;
  readonly challengerDays: number;
}

/** Which models are kept. Records, lineage and decisions of versions are never deleted. */
export const createRetention = (database: Database) => {
  const whereRemoved = (isRemoved: boolean): Promise<KeptVersion[]> =>
    database.query(
      kept,
      `select instrument, bucket, name, bundle from version
       where $1 = exists (select from version_removal as gone
         where gone.instrument = version.instrument and gone.bucket = version.bucket and gone.version = version.name)
       order by instrument, bucket, number`,
      [isRemoved],
    );

  return {
    /** All versions whose models are kept, and all whose models are not, oldest first. */
    present: () => whereRemoved(false),
    removed: () => whereRemoved(true),

    /** Versions whose models may be deleted: beyond the newest, and neither live, nor one of the last three that were promoted, nor a challenger. */
    async superfluous({ maxModelVersions, challengerDays }: RetentionRule): Promise<KeptVersion[]> {
      const found = await database.query(
        kept,
        `select instrument, bucket, name, bundle from (
           select version.*, row_number() over (partition by instrument, bucket order by number desc) as place from version) as version
         where place > $1
           and not exists (select from version_removal as gone
             where gone.instrument = version.instrument and gone.bucket = version.bucket and gone.version = version.name)
           and not exists (select from production
             where production.instrument = version.instrument and production.bucket = version.bucket and production.version = version.name
               and live_until is null)
           and name not in (select version from (
               select event.version, max(event.id) as last from production_event as event
               where event.instrument = version.instrument and event.bucket = version.bucket and event.kind in ('promote', 'rollback')
                 and event.role = 'production'
               group by event.version order by last desc limit 3) as promoted)
         order by instrument, bucket, number`,
        [maxModelVersions],
      );
      const challengers = createChallengers(database);
      const isChallenger = async ({ instrument, bucket, name }: KeptVersion): Promise<boolean> =>
        (await challengers.current(instrument, bucket, challengerDays))?.version === name;
      const held = await Promise.all(found.map(isChallenger));
      return found.filter((_, index) => held[index] !== true);
    },

    /** Notes that a version's model is deleted, before it is: from then on nobody can put it live. Once per version. */
    remove: ({ instrument, bucket, name }: KeptVersion, reason: string): Promise<void> =>
      database.transaction(async (queries) => {
        await queries.query(nothing, `select pg_advisory_xact_lock(hashtextextended('production:' || $1 || '/' || $2, 0))`, [
          instrument,
          bucket,
        ]);
        const noted = await queries.query(
          nothing,
          `insert into version_removal (instrument, bucket, version, reason)
           select $1, $2, $3, $4 where not exists (select from production where instrument = $1 and bucket = $2 and version = $3 and live_until is null)
           on conflict do nothing returning 1`,
          [instrument, bucket, name, reason],
        );
        if (noted.length > 0)
          await appendEvent(queries, { kind: 'modelDeleted', instrument, actor: 'ratchet', payload: { bucket, version: name, reason } });
      }),
  };
};
