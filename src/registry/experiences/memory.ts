import { z } from 'zod';
import type { Situation } from '../../domain/experience/situation.js';
import { isoTime, nothing, wholeNumber, type Database } from '../database/database.js';
import { storedExperience, type StoredExperience } from './stored-experience.js';

const lesson = z.object({
  lesson: z.string(),
  /** Trades that taught it, and the share of them that earned something. */
  trades: wholeNumber,
  won: z.number(),
  /** Mean outcome, in currency. */
  pnl: z.number(),
  newest: isoTime,
});
/** A lesson with what became of the trades that taught it. */
export type Lesson = z.output<typeof lesson>;

const floats = z.instanceof(Uint8Array).transform((bytes) => new Float32Array(Uint8Array.from(bytes).buffer));
const situation = z
  .object({ id: z.string(), decisionTime: isoTime, durationSeconds: z.number(), situation: floats })
  .transform(({ id, decisionTime, durationSeconds, situation: features }): Situation => {
    const decidedAt = Date.parse(decisionTime);
    return { id, decidedAt, knownAt: decidedAt + 1_000 * durationSeconds, features };
  });

const undated = z.object({ id: z.string(), decisionTime: isoTime });

const TRADES = `pnl is not null and duration_seconds is not null and trade_action <> 'HOLD'`;

/** What was learned from an instrument's trades, and in which situations they were decided. */
export const experienceMemory = (database: Database) => ({
  /** The lessons that most trades taught. */
  lessons: (instrument: string, limit: number): Promise<Lesson[]> =>
    database.query(
      lesson,
      `select lesson, count(*) as trades, avg((pnl > 0)::int)::float8 as won, avg(pnl) as pnl, max(decision_time) as newest
       from experience, jsonb_array_elements_text(insight -> 'lessonsLearned') as lesson
       where instrument = $1 and ${TRADES} group by lesson order by count(*) desc, abs(avg(pnl)) desc, lesson limit $2`,
      [instrument, limit],
    ),

  /** The newest situations of this name whose trades were over at a time (ISO 8601). */
  situationsBefore: (instrument: string, name: string, at: string, limit: number): Promise<Situation[]> =>
    database.query(
      situation,
      `select id, decision_time, duration_seconds, situation from experience
       where instrument = $1 and situation_name = $2 and situation is not null and ${TRADES}
         and decision_time < $3::timestamptz and decision_time + duration_seconds * interval '1 second' <= $3::timestamptz
       order by decision_time desc, id limit $4`,
      [instrument, name, at, limit],
    ),

  /** The situation of one trade; null where it is no trade, or its bars are not stored. */
  async situationOf(id: string): Promise<(Situation & { readonly name: string }) | null> {
    const named = z.object({ situationName: z.string() });
    const [found] = await database.query(
      named.and(situation),
      `select id, decision_time, duration_seconds, situation, situation_name from experience where id = $1 and situation is not null and ${TRADES}`,
      [id],
    );
    return found === undefined ? null : { ...found, name: found.situationName };
  },

  /** Trades that have no situation of this name yet, oldest first. */
  unplaced: (instrument: string, name: string, limit: number): Promise<z.output<typeof undated>[]> =>
    database.query(
      undated,
      `select id, decision_time from experience where instrument = $1 and ${TRADES} and situation_name is distinct from $2
       order by decision_time, id limit $3`,
      [instrument, name, limit],
    ),

  /** Notes in which situations trades were decided; null where that is not known. */
  async place(name: string, situations: readonly { readonly id: string; readonly features: Float32Array | null }[]): Promise<void> {
    const rows = situations.map(({ id, features }) => ({ id, situation: features === null ? null : hex(features) }));
    await database.query(
      nothing,
      `update experience set situation = decode(given.situation, 'hex'), situation_name = $2
       from jsonb_to_recordset($1::jsonb) as given (id text, situation text) where experience.id = given.id`,
      [JSON.stringify(rows), name],
    );
  },

  /** Experiences by their ids, in no order. */
  byIds: (ids: readonly string[]): Promise<StoredExperience[]> =>
    database.query(storedExperience, 'select * from experience where id in (select jsonb_array_elements_text($1::jsonb))', [
      JSON.stringify(ids),
    ]),
});

const hex = (values: Float32Array): string => Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('hex');
