import { z } from 'zod';
import type { Ancestor, DataSource, VersionPlace } from '../domain/lineage/ancestors.js';
import { versionName } from '../domain/model/version-name.js';
import { isoTime, jsonObject, nothing } from './database/database.js';
import type { Database, Page, Queries } from './database/database.js';
import { OperationKeyReused } from './errors.js';
import { lineageOf, recordLineage } from './lineage.js';
import { requireEpoch } from './runs/runs.js';
import type { Fence } from './runs/runs.js';
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

/** A version to register. Its data horizon follows from what it learned from and what it took over. */
export interface NewVersion extends Omit<Version, 'number' | 'name' | 'registeredAt' | 'dataHorizon'> {
  /** All data that it learned from by itself; at least one, for nothing is judged without knowing it. */
  readonly sources: readonly DataSource[];
  /** Versions other than the parent whose knowledge was handed on to it; none unless given. */
  readonly transfers?: readonly VersionPlace[];
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

    /** All data that a version or any ancestor of it learned from. */
    lineage: (instrument: string, bucket: string, name: string): Promise<Ancestor[]> => lineageOf(database, { instrument, bucket, name }),

    /** Versions other than the parent whose knowledge was handed on to a version itself. */
    transfers: (instrument: string, bucket: string, name: string): Promise<VersionPlace[]> =>
      database.query(
        z.object({ instrument: z.string(), bucket: z.string(), name: z.string() }),
        `select source_instrument as instrument, source_bucket as bucket, source as name from version_source
         where instrument = $1 and bucket = $2 and version = $3 and kind = 'transfer' order by id`,
        [instrument, bucket, name],
      ),

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
  const { instrument, bucket, sources, transfers = [] } = added;
  if (added.fence !== undefined) await requireEpoch(queries, added.fence);
  const [next] = await queries.query(
    z.object({ number: z.number(), now: z.date() }),
    `select coalesce(max(number), 0) + 1 as number, date_trunc('milliseconds', clock_timestamp()) as now
     from version where instrument = $1 and bucket = $2`,
    [instrument, bucket],
  );
  if (next === undefined) throw new Error('an aggregate without a group gives one row');
  const parent = added.parent === null ? null : { instrument, bucket, name: added.parent };
  const [registered] = await queries.query(
    version,
    `insert into version (instrument, bucket, number, name, operation_key, bundle, weights_hash, parent, run, dataset, metrics, simulated, registered_at, data_horizon)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, greatest(
       (select max(horizon) from jsonb_to_recordset($14) as own (horizon timestamptz)),
       (select max(data_horizon) from version join jsonb_to_recordset($15) as taken (instrument text, bucket text, name text) using (instrument, bucket, name))))
     returning *`,
    [
      instrument,
      bucket,
      next.number,
      versionName(next.number, next.now),
      added.operationKey,
      added.bundle,
      added.weightsHash,
      added.parent,
      added.run,
      added.dataset,
      JSON.stringify(added.metrics),
      added.simulated,
      next.now.toISOString(),
      JSON.stringify(sources),
      JSON.stringify(parent === null ? transfers : [parent, ...transfers]),
    ],
  );
  if (registered === undefined) throw new Error('an insert that returns gives one row');
  await recordLineage(queries, registered, { sources, parent, transfers });
  return registered;
};
