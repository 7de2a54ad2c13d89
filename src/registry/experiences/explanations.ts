import { z } from 'zod';
import type { Insight } from '../../domain/experience/experience.js';
import { nothing, wholeNumber, type Database } from '../database/database.js';
import { storedExperience, type StoredExperience } from './stored-experience.js';

const usual = z.object({ trades: wholeNumber, durationSeconds: z.number().nullable(), volatility: z.number().nullable() });

/** How trades are explained, and what an explanation is measured by. */
export const experienceExplanations = (database: Database) => ({
  /** Explains an experience, in place of an earlier explanation; false when there is none with this id. */
  async explain(id: string, insight: Insight, by: string): Promise<boolean> {
    const rows = await database.query(
      nothing,
      'update experience set insight = $2, annotated_by = $3, annotated_at = clock_timestamp() where id = $1 returning id',
      [id, JSON.stringify(insight), by],
    );
    return rows.length > 0;
  },

  /** Explains many that nobody has explained, with how sure the explanation is where that is told; what somebody did meanwhile stays. Returns how many were. */
  async explainNew(
    insights: readonly { readonly id: string; readonly insight: Insight; readonly confidence?: number }[],
    by: string,
  ): Promise<number> {
    const rows = await database.query(
      nothing,
      `update experience set insight = given.insight, annotated_by = $2, annotated_at = clock_timestamp(),
         reasoning_confidence = coalesce(reasoning_confidence, given.confidence)
       from jsonb_to_recordset($1) as given (id text, insight jsonb, confidence float8)
       where experience.id = given.id and experience.insight is null returning experience.id`,
      [JSON.stringify(insights), by],
    );
    return rows.length;
  },

  /** Trades that nobody has explained yet, oldest first. */
  unexplained: (instrument: string, limit: number): Promise<StoredExperience[]> =>
    database.query(
      storedExperience,
      `select * from experience where instrument = $1 and pnl is not null and trade_action <> 'HOLD' and insight is null order by decision_time, id limit $2`,
      [instrument, limit],
    ),

  /** Medians over an instrument's trades. */
  async usualTrade(instrument: string): Promise<z.output<typeof usual>> {
    const [found] = await database.query(
      usual,
      `select count(*) as trades, percentile_cont(0.5) within group (order by duration_seconds) as duration_seconds,
         percentile_cont(0.5) within group (order by volatility) as volatility
       from experience where instrument = $1 and pnl is not null`,
      [instrument],
    );
    return found ?? { trades: 0, durationSeconds: null, volatility: null };
  },
});
