import { z } from 'zod';
import type { MadeWith } from '../../domain/model/made-with.js';
import { isoTime, jsonObject, nothing, storedObject, wholeNumber } from '../database/database.js';
import type { Database, Page, Queries } from '../database/database.js';
import { NotRegistered, RecordConflict, StaleEpoch } from '../errors.js';

const run = z.object({
  id: z.string(),
  /** Ordinal over all runs, in order of their beginning. */
  number: wholeNumber,
  instrument: z.string(),
  bucket: z.string(),
  dataset: z.string().nullable(),
  /** Name of the version that training started from; null from scratch. */
  parent: z.string().nullable(),
  seed: wholeNumber,
  /** The whole resolved configuration. */
  config: jsonObject,
  /** The code and machine that it was begun with; null for runs of earlier versions of Ratchet. */
  madeWith: storedObject<MadeWith>().nullable(),
  /** How many attempts have claimed the run; only the newest may write. */
  epoch: z.number(),
  /** `running` until it is finished; then what the caller says. */
  status: z.string(),
  outcome: jsonObject.nullable(),
  /** Newest progress that an attempt reported. */
  progress: jsonObject.nullable(),
  startedAt: isoTime,
  finishedAt: isoTime.nullable(),
});

/** One training of one model. */
export type Run = z.output<typeof run>;
export type NewRun = Pick<Run, 'id' | 'instrument' | 'bucket' | 'dataset' | 'parent' | 'seed' | 'config'> & Partial<Pick<Run, 'madeWith'>>;

/** An attempt's right to write: the epoch that `claimEpoch` gave it. */
export interface Fence {
  readonly runId: string;
  readonly epoch: number;
}

/** The runs and who may write to them. */
export const createRuns = (database: Database) => ({
  /** Opens a run, or returns the one that has this id; a dataset that was not known at first is filled in. Throws `RecordConflict` for another instrument's. */
  async begin(begun: NewRun): Promise<Run> {
    const [stored] = await database.query(
      run,
      `insert into run (id, instrument, bucket, dataset, parent, seed, config, made_with) values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict (id) do update set dataset = coalesce(run.dataset, excluded.dataset) returning *`,
      [
        begun.id,
        begun.instrument,
        begun.bucket,
        begun.dataset,
        begun.parent,
        begun.seed,
        JSON.stringify(begun.config),
        begun.madeWith == null ? null : JSON.stringify(begun.madeWith),
      ],
    );
    if (stored?.instrument !== begun.instrument || stored.bucket !== begun.bucket)
      throw new RecordConflict('run', begun.id, `it trains ${stored?.instrument ?? '?'}/${stored?.bucket ?? '?'}`);
    return stored;
  },

  /** The next epoch of a run, larger than all before: whoever holds an older one can no longer write. Throws `NotRegistered`. */
  async claimEpoch(runId: string): Promise<number> {
    const [claimed] = await database.query(epoch, 'update run set epoch = epoch + 1 where id = $1 returning epoch', [runId]);
    if (claimed === undefined) throw unknownRun(runId);
    return claimed.epoch;
  },

  /** Throws `StaleEpoch` when a newer attempt owns the run, `NotRegistered` when there is no such run. */
  async assertEpoch(fence: Fence): Promise<void> {
    const [current] = await database.query(epoch, 'select epoch from run where id = $1', [fence.runId]);
    requireCurrent(fence, current);
  },

  /** Stores the newest progress, for the page and for whoever asks. Throws `StaleEpoch`. */
  recordProgress: (fence: Fence, progress: Readonly<Record<string, unknown>>): Promise<void> =>
    database.transaction(async (queries) => {
      await requireEpoch(queries, fence);
      await queries.query(nothing, 'update run set progress = $2 where id = $1', [fence.runId, JSON.stringify(progress)]);
    }),

  /** Closes a run with its outcome; closing it again replaces the outcome and keeps the first time. Throws `NotRegistered`. */
  async finish(runId: string, status: string, outcome: Readonly<Record<string, unknown>>): Promise<Run> {
    const [finished] = await database.query(
      run,
      `update run set status = $2, outcome = $3, finished_at = coalesce(finished_at, clock_timestamp()) where id = $1 returning *`,
      [runId, status, JSON.stringify(outcome)],
    );
    if (finished === undefined) throw unknownRun(runId);
    return finished;
  },

  async get(runId: string): Promise<Run | null> {
    const [found] = await database.query(run, 'select * from run where id = $1', [runId]);
    return found ?? null;
  },

  /** Newest first, by number. */
  list: ({ instrument = null, limit = 50, before = null }: Page & { readonly instrument?: string | null } = {}): Promise<Run[]> =>
    database.query(
      run,
      `select * from run where ($1::text is null or instrument = $1) and ($2::bigint is null or number < $2) order by number desc limit $3`,
      [instrument, before, limit],
    ),
});

/** Holds the run's epoch until the transaction ends. Throws `StaleEpoch` when it is not the fence's, `NotRegistered` when there is no such run. */
export const requireEpoch = async (queries: Queries, fence: Fence): Promise<void> => {
  const [current] = await queries.query(epoch, 'select epoch from run where id = $1 for no key update', [fence.runId]);
  requireCurrent(fence, current);
};

const requireCurrent = ({ runId, epoch: claimed }: Fence, current: { readonly epoch: number } | undefined): void => {
  if (current === undefined) throw unknownRun(runId);
  if (current.epoch !== claimed) throw new StaleEpoch(runId, claimed, current.epoch);
};

const epoch = z.object({ epoch: z.number() });

const unknownRun = (runId: string): NotRegistered => new NotRegistered('run', runId, 'begin it first');
