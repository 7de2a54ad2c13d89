import { z } from 'zod';
import { versionName } from '../domain/version-name.js';
import { isoTime, jsonObject, nothing } from './database.js';
import type { Database, Page, Queries } from './database.js';
import { OperationKeyReused } from './errors.js';
import { requireEpoch } from './runs.js';
import type { Fence } from './runs.js';
import { resolveVersion } from './resolve-version.js';

const version = z.object({
  instrument: z.string(),
  bucket: z.string(),
  number: z.number(),
  /** `v<number>_<YYYYMMDD>_<HHMMSS>`, UTC. */
  name: z.string(),
  operationKey: z.string(),
  /** Artifact id of the `ModelBundle`. */
  bundle: z.string(),
  weightsHash: z.string(),
  /** Name of the version, of the same instrument and bucket, that training started from. */
  parent: z.string().nullable(),
  run: z.string().nullable(),
  dataset: z.string(),
  /** Close of the newest bar that this version *or any ancestor* has learned from, ISO 8601. */
  dataHorizon: isoTime,
  metrics: jsonObject,
  simulated: z.boolean(),
  registeredAt: isoTime,
});

/** A registered model. It never changes. */
export type Version = z.output<typeof version>;

/** `dataHorizon` is that of its own training data; the ancestors' are added here. */
export interface NewVersion extends Omit<Version, 'number' | 'name' | 'registeredAt'> {
  /** Refuses an attempt that has been replaced. */
  readonly fence?: Fence;
}

/** The registered versions; append-only. */
export const createVersions = (database: Database) => {
  const get = async (instrument: string, bucket: string, name: string): Promise<Version | null> => {
    const [found] = await database.query(version, 'select * from version where instrument = $1 and bucket = $2 and name = $3', [
      instrument,
      bucket,
      name,
    ]);
    return found ?? null;
  };
  return {
    get,

    /** Registers a model under the next number of its instrument and bucket; the same operation key again returns the first. Throws `OperationKeyReused`, `StaleEpoch`. */
    register: (added: NewVersion): Promise<Version> =>
      database.transaction(async (queries) => {
        // Writers of one place take turns, so that numbers have no gaps and a repeat sees what came first.
        await queries.query(nothing, `select pg_advisory_xact_lock(hashtextextended('version:' || $1 || '/' || $2, 0))`, [
          added.instrument,
          added.bucket,
        ]);
        const [known] = await queries.query(version, 'select * from version where operation_key = $1', [added.operationKey]);
        if (known === undefined) return insert(queries, added);
        if (known.bundle === added.bundle) return known;
        throw new OperationKeyReused(added.operationKey, `version ${known.name} of bundle ${known.bundle}`, `bundle ${added.bundle}`);
      }),

    /** Newest first, by number. */
    list: (instrument: string, bucket: string, { limit = 50, before = null }: Page = {}): Promise<Version[]> =>
      database.query(
        version,
        `select * from version where instrument = $1 and bucket = $2 and ($3::integer is null or number < $3) order by number desc limit $4`,
        [instrument, bucket, before, limit],
      ),

    /** The version that a person's words mean (see `parseVersionReference`). Throws `InvalidVersionReference`, `NotRegistered`, `AmbiguousVersion`. */
    async resolve(instrument: string, bucket: string, written: string): Promise<Version> {
      const place = await resolveVersion(database, instrument, bucket, written);
      const found = await get(place.instrument, place.bucket, place.name);
      if (found === null) throw new Error(`version ${place.name} of ${place.instrument}/${place.bucket} vanished while it was looked up`);
      return found;
    },
  };
};

const insert = async (queries: Queries, added: NewVersion): Promise<Version> => {
  if (added.fence !== undefined) await requireEpoch(queries, added.fence);
  const [next] = await queries.query(
    z.object({ number: z.number(), now: z.date() }),
    `select coalesce(max(number), 0) + 1 as number, date_trunc('milliseconds', clock_timestamp()) as now
     from version where instrument = $1 and bucket = $2`,
    [added.instrument, added.bucket],
  );
  if (next === undefined) throw new Error('an aggregate without a group gives one row');
  const [registered] = await queries.query(
    version,
    `insert into version (instrument, bucket, number, name, operation_key, bundle, weights_hash, parent, run, dataset, data_horizon, metrics, simulated, registered_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,
       greatest($11::timestamptz, (select data_horizon from version where instrument = $1 and bucket = $2 and name = $8)), $12, $13, $14)
     returning *`,
    [
      added.instrument,
      added.bucket,
      next.number,
      versionName(next.number, next.now),
      added.operationKey,
      added.bundle,
      added.weightsHash,
      added.parent,
      added.run,
      added.dataset,
      added.dataHorizon,
      JSON.stringify(added.metrics),
      added.simulated,
      next.now.toISOString(),
    ],
  );
  if (registered === undefined) throw new Error('an insert that returns gives one row');
  return registered;
};
