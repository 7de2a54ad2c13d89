import { z } from 'zod';
import { isoTime, wholeNumber, type Database } from '../database/database.js';
import { storedExperience, valuedExperience, type StoredExperience, type ValuedExperience } from './stored-experience.js';

const VALUED = `
  with outcome as (select avg(pnl) as mean, stddev_samp(pnl) as deviation from experience where instrument = $1 and pnl is not null)
  select experience.*, (pnl - mean) / nullif(deviation, 0) as value from experience, outcome where instrument = $1`;

const counted = z.object({ name: z.string(), experiences: wholeNumber });

const totals = z.object({
  /** Ever stored, those that were archived since included. */
  total: wholeNumber,
  /** In the table now. */
  stored: wholeNumber,
  annotated: wholeNumber,
  /** With the outcome of a trade. */
  trades: wholeNumber,
  newest: isoTime.nullable(),
});

/** What there is of one instrument's experiences. */
export interface ExperienceStatistics extends z.output<typeof totals> {
  /** Newest first, 30 at most. */
  readonly perDay: readonly z.output<typeof counted>[];
  /** By name of the version; those without one are not among them. */
  readonly perVersion: readonly z.output<typeof counted>[];
  readonly archivedDays: number;
}

/** What people, programs and the annotator look at. */
export const experienceViews = (database: Database) => ({
  async get(id: string): Promise<StoredExperience | null> {
    const [found] = await database.query(storedExperience, 'select * from experience where id = $1', [id]);
    return found ?? null;
  },

  /** The newest by time of decision, newest first; only those decided before `before` (ISO 8601) where it is given. */
  newest: (instrument: string, limit: number, before: string | null = null): Promise<StoredExperience[]> =>
    database.query(
      storedExperience,
      `select * from experience where instrument = $1 and ($3::timestamptz is null or decision_time < $3)
       order by decision_time desc, id desc limit $2`,
      [instrument, limit, before],
    ),

  /** The trades with the best outcomes, best first. */
  highValue: (instrument: string, limit: number): Promise<ValuedExperience[]> =>
    database.query(valuedExperience, `${VALUED} and pnl is not null order by pnl desc, id limit $2`, [instrument, limit]),

  /** The trades that lost, worst first. */
  failed: (instrument: string, limit: number): Promise<ValuedExperience[]> =>
    database.query(valuedExperience, `${VALUED} and pnl < 0 order by pnl, id limit $2`, [instrument, limit]),

  async statistics(instrument: string): Promise<ExperienceStatistics> {
    const [all] = await database.query(
      totals,
      `select coalesce((select stored from experience_count where instrument = $1), 0) as total, count(*) as stored,
         count(insight) as annotated, count(pnl) as trades, max(decision_time) as newest
       from experience where instrument = $1`,
      [instrument],
    );
    const [perDay, perVersion, archived] = await Promise.all([
      database.query(
        counted,
        `select to_char(decision_time at time zone 'UTC', 'YYYY-MM-DD') as name, count(*) as experiences from experience
         where instrument = $1 group by 1 order by 1 desc limit 30`,
        [instrument],
      ),
      database.query(
        counted,
        `select model_version as name, count(*) as experiences from experience
         where instrument = $1 and model_version is not null group by 1 order by max(decision_time) desc limit 100`,
        [instrument],
      ),
      database.query(z.object({ days: wholeNumber }), 'select count(*) as days from experience_archive where instrument = $1', [
        instrument,
      ]),
    ]);
    return {
      ...(all ?? { total: 0, stored: 0, annotated: 0, trades: 0, newest: null }),
      perDay,
      perVersion,
      archivedDays: archived[0]?.days ?? 0,
    };
  },

  /** Artifact ids of the bundles that answered for an instrument at any time since `time` (ISO 8601). */
  bundlesSince: async (instrument: string, time: string): Promise<string[]> => {
    const rows = await database.query(
      z.object({ bundle: z.string() }),
      `select distinct version.bundle from production join version
         on version.instrument = production.instrument and version.bucket = production.bucket and version.name = production.version
       where production.instrument = $1 and (live_until is null or live_until > $2)`,
      [instrument, time],
    );
    return rows.map(({ bundle }) => bundle);
  },
});
