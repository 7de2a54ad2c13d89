import { z } from 'zod';
import { isoTime, nothing, wholeNumber } from '../database/database.js';
import type { Database } from '../database/database.js';
import { requireEpoch } from './runs.js';
import type { Fence } from './runs.js';

const point = z.object({
  /** Environment steps done. */
  step: wholeNumber,
  at: isoTime,
  numbers: z.record(z.string(), z.number().nullable()),
});

/** Numbers of a run at one step. */
export type MetricPoint = z.output<typeof point>;

/** Points that a run keeps. */
const MOST_POINTS = 2_000;

/** The training curves, thinned so that a run of any length keeps at most 2,000 points. */
export const createRunMetrics = (database: Database) => ({
  /** Adds a point; the same step again (after a resume) replaces it. When there are too many, every second one goes. Throws `StaleEpoch`. */
  record: (fence: Fence, step: number, numbers: Readonly<Record<string, number | null>>): Promise<void> =>
    database.transaction(async (queries) => {
      await requireEpoch(queries, fence);
      await queries.query(
        nothing,
        `insert into run_metric (run, step, numbers) values ($1, $2, $3)
         on conflict (run, step) do update set numbers = excluded.numbers, at = excluded.at`,
        [fence.runId, step, JSON.stringify(numbers)],
      );
      await queries.query(
        nothing,
        `with ranked as (
           select step, row_number() over (order by step desc) as rank, count(*) over () as points from run_metric where run = $1
         )
         delete from run_metric using ranked
         where run_metric.run = $1 and run_metric.step = ranked.step and ranked.points > $2 and ranked.rank % 2 = 0`,
        [fence.runId, MOST_POINTS],
      );
    }),

  /** A run's points by step. */
  ofRun: (runId: string): Promise<MetricPoint[]> =>
    database.query(point, 'select step, at, numbers from run_metric where run = $1 order by step', [runId]),
});
