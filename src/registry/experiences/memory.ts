import { z } from 'zod';
import { isoTime, wholeNumber, type Database } from '../database.js';

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

const TRADES = `pnl is not null and duration_seconds is not null and trade_action <> 'HOLD'`;

/** What was learned from an instrument's trades. */
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
});
