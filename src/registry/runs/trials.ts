import { z } from 'zod';
import { isoTime, jsonObject, nothing, wholeNumber } from '../database/database.js';
import type { Queries } from '../database/database.js';
import { OperationKeyReused } from '../errors.js';

const trial = z.object({
  id: wholeNumber,
  operationKey: z.string(),
  instrument: z.string(),
  bucket: z.string(),
  run: z.string().nullable(),
  weightsHash: z.string(),
  /** Per bar, not annualised; null when it is not a number. */
  sharpe: z.number().nullable(),
  bars: z.number(),
  periodsPerYear: z.number(),
  metrics: jsonObject,
  scoredAt: isoTime,
});

/** A candidate that was scored: what the deflated Sharpe ratio counts. */
export type Trial = z.output<typeof trial>;
export type NewTrial = Omit<Trial, 'id' | 'scoredAt'>;

/** The ledger of every candidate ever scored, retries, seeds, tuning and buckets included; append-only. */
export const createTrials = (queries: Queries) => ({
  /** Enters a trial; the same operation key again returns what it stands for. Throws `OperationKeyReused` for other weights. */
  async record(scored: NewTrial): Promise<Trial> {
    await queries.query(
      nothing,
      `insert into trial (operation_key, instrument, bucket, run, weights_hash, sharpe, bars, periods_per_year, metrics)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (operation_key) do nothing`,
      [
        scored.operationKey,
        scored.instrument,
        scored.bucket,
        scored.run,
        scored.weightsHash,
        scored.sharpe,
        scored.bars,
        scored.periodsPerYear,
        JSON.stringify(scored.metrics),
      ],
    );
    const [stored] = await queries.query(trial, 'select * from trial where operation_key = $1', [scored.operationKey]);
    if (stored?.weightsHash !== scored.weightsHash)
      throw new OperationKeyReused(scored.operationKey, `a trial of weights ${stored?.weightsHash ?? '?'}`, scored.weightsHash);
    return stored;
  },

  /** Trials after the last promotion and within `windowDays` (both bounds of "what was tried for this place"), oldest first. */
  sinceLastPromotion: (instrument: string, bucket: string, windowDays = 180): Promise<Trial[]> =>
    queries.query(
      trial,
      `select * from trial
       where instrument = $1 and bucket = $2 and scored_at > now() - make_interval(days => $3)
         and scored_at > coalesce((select max(at) from production_event where instrument = $1 and bucket = $2 and kind = 'promote'), '-infinity')
       order by id`,
      [instrument, bucket, windowDays],
    ),
});
