import { z } from 'zod';
import type { AnnotatedTrade } from '../../domain/finetuning/annotated-trade.js';
import { TRENDS } from '../../domain/experience/experience.js';
import { isoTime, wholeNumber, type Database } from '../database/database.js';

const row = z.object({
  id: z.string(),
  instrument: z.string(),
  decidedAt: isoTime,
  closedAt: isoTime,
  action: z.number(),
  side: z.enum(['BUY', 'SELL']),
  trend: z.enum(TRENDS).nullable(),
  volatility: z.number().nullable(),
  confidence: z.number().nullable(),
  modelVersion: z.string().nullable(),
  pnl: z.number(),
  durationSeconds: z.number(),
  value: z.number().nullable(),
  insight: z.object({ reasoning: z.string(), lessonsLearned: z.array(z.string()) }),
  annotatedAt: isoTime,
});

const EXPLAINED = `insight is not null and pnl is not null and trade_action <> 'HOLD' and ($1::text is null or instrument = $1)`;

/** Trades that somebody has explained, of one instrument or, with null, of all. */
export const annotatedTrades = (database: Database) => ({
  /** How many were explained after a time (ISO 8601), or ever. */
  async countAnnotated(instrument: string | null, after: string | null): Promise<number> {
    const [found] = await database.query(
      z.object({ trades: wholeNumber }),
      `select count(*) as trades from experience where ${EXPLAINED} and ($2::timestamptz is null or annotated_at > $2)`,
      [instrument, after],
    );
    return found?.trades ?? 0;
  },

  /** The newest by time of decision, newest first. They count as closed once their duration has passed since they were reported to have happened. */
  async annotated(instrument: string | null, limit: number): Promise<AnnotatedTrade[]> {
    const rows = await database.query(
      row,
      `select id, experience.instrument, decision_time as decided_at, greatest(at, decision_time) + duration_seconds * interval '1 second' as closed_at,
         action, trade_action as side, trend, volatility, rl_confidence as confidence, model_version, pnl, duration_seconds,
         (pnl - mean) / nullif(deviation, 0) as value, insight, annotated_at
       from experience join (select instrument, avg(pnl) as mean, stddev_samp(pnl) as deviation from experience where pnl is not null group by 1)
         as outcome on outcome.instrument = experience.instrument
       where ${EXPLAINED.replace('or instrument', 'or experience.instrument')}
       order by decision_time desc, id desc limit $2`,
      [instrument, limit],
    );
    return rows.map(({ insight, ...trade }) => ({ ...trade, reasoning: insight.reasoning, lessons: insight.lessonsLearned }));
  },
});
