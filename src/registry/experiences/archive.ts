import { z } from 'zod';
import { nothing, type Database } from '../database/database.js';
import { storedExperience, type StoredExperience } from './stored-experience.js';

/** A day of experiences as one artifact. */
export interface ArchivedDay {
  readonly artifact: string;
  readonly experiences: number;
}

const archivedDay = z.object({ artifact: z.string(), experiences: z.number() });
const ofDay = `instrument = $1 and decision_time >= ($2::date)::timestamp at time zone 'UTC' and decision_time < ($2::date + 1)::timestamp at time zone 'UTC'`;

/** Days (`YYYY-MM-DD`, UTC) of experiences that left the table. */
export const experienceArchive = (database: Database) => ({
  /** Instruments that ever had experiences. */
  async instruments(): Promise<string[]> {
    const rows = await database.query(z.object({ instrument: z.string() }), 'select instrument from experience_count order by 1');
    return rows.map(({ instrument }) => instrument);
  },

  /** Days that hold experiences, in the table or in the archive, oldest first. */
  async days(instrument: string): Promise<string[]> {
    const rows = await database.query(
      z.object({ day: z.string() }),
      `select to_char(decision_time at time zone 'UTC', 'YYYY-MM-DD') as day from experience where instrument = $1
       union select to_char(day, 'YYYY-MM-DD') from experience_archive where instrument = $1 order by 1`,
      [instrument],
    );
    return rows.map(({ day }) => day);
  },

  /** Days that lie wholly before an instrument's newest `kept` experiences, oldest first. */
  async oldDays(instrument: string, kept: number): Promise<string[]> {
    const rows = await database.query(
      z.object({ day: z.string() }),
      `select distinct to_char(decision_time at time zone 'UTC', 'YYYY-MM-DD') as day from experience
       where instrument = $1 and decision_time < (
         select date_trunc('day', decision_time, 'UTC') from experience where instrument = $1 order by decision_time desc offset $2 limit 1)
       order by 1`,
      [instrument, kept - 1],
    );
    return rows.map(({ day }) => day);
  },

  /** Takes a day out of the table; `store` puts it away, with what was put away of that day before. All of it is done, or, when it throws, nothing. */
  archive: (
    instrument: string,
    day: string,
    store: (experiences: readonly StoredExperience[], before: ArchivedDay | null) => Promise<ArchivedDay>,
  ): Promise<number> =>
    database.transaction(async (queries) => {
      const [before] = await queries.query(
        archivedDay,
        'select artifact, experiences from experience_archive where instrument = $1 and day = $2::date for update',
        [instrument, day],
      );
      const taken = await queries.query(storedExperience, `delete from experience where ${ofDay} returning *`, [instrument, day]);
      if (taken.length === 0) return 0;
      const { artifact, experiences } = await store(
        taken.sort((a, b) => (a.decisionTime === b.decisionTime ? (a.id < b.id ? -1 : 1) : a.decisionTime < b.decisionTime ? -1 : 1)),
        before ?? null,
      );
      await queries.query(
        nothing,
        `insert into experience_archive (instrument, day, artifact, experiences) values ($1, $2::date, $3, $4)
         on conflict (instrument, day) do update set artifact = excluded.artifact, experiences = excluded.experiences, archived_at = clock_timestamp()`,
        [instrument, day, artifact, experiences],
      );
      return taken.length;
    }),

  /** What a day holds, in the table and in the archive. */
  async day(instrument: string, day: string): Promise<{ readonly stored: StoredExperience[]; readonly archived: ArchivedDay | null }> {
    const [stored, [archived]] = await Promise.all([
      database.query(storedExperience, `select * from experience where ${ofDay} order by decision_time, id`, [instrument, day]),
      database.query(archivedDay, 'select artifact, experiences from experience_archive where instrument = $1 and day = $2::date', [
        instrument,
        day,
      ]),
    ]);
    return { stored, archived: archived ?? null };
  },

  /** Forgets archived days before `day` and returns the artifacts that nothing names any more. */
  async forgetBefore(day: string): Promise<string[]> {
    const rows = await database.query(
      z.object({ artifact: z.string() }),
      `with forgotten as (delete from experience_archive where day < $1::date returning artifact)
       select distinct artifact from forgotten where artifact not in (select artifact from experience_archive where day >= $1::date)`,
      [day],
    );
    return rows.map(({ artifact }) => artifact);
  },
});
