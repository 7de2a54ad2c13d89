import { z } from 'zod';
import { ancestorsOf, type Ancestor, type DataSource, type LineageLink, type VersionPlace } from '../domain/lineage/ancestors.js';
import { isoTime, nothing, wholeNumber, type Queries } from './database/database.js';

/** What a version learned from by itself and what it took over, in the order in which it is told. */
export interface OwnLineage {
  readonly sources: readonly DataSource[];
  readonly parent: VersionPlace | null;
  /** Versions other than the parent whose knowledge was handed on to it. */
  readonly transfers: readonly VersionPlace[];
}

const stored = z.object({
  instrument: z.string(),
  bucket: z.string(),
  version: z.string(),
  kind: z.enum(['parent', 'transfer', 'dataset', 'normaliser', 'tuning', 'replay']),
  source: z.string(),
  sourceInstrument: z.string().nullable(),
  sourceBucket: z.string().nullable(),
  horizon: isoTime.nullable(),
  reachMs: wholeNumber.nullable(),
});

/** Everything that a version or any ancestor of it learned from. A version that is not registered has learned from nothing. */
export const lineageOf = async (queries: Queries, root: VersionPlace): Promise<Ancestor[]> => {
  const rows = await queries.query(
    stored,
    `with recursive reached (instrument, bucket, version) as (
       select $1, $2, $3
       union
       select link.source_instrument, link.source_bucket, link.source
       from version_source link join reached using (instrument, bucket, version)
       where link.source_instrument is not null)
     select link.* from version_source link join reached using (instrument, bucket, version) order by link.id`,
    [root.instrument, root.bucket, root.name],
  );
  return ancestorsOf(root, rows.map(linkOf));
};

/** Records a version's own lineage, within the transaction that registers it. */
export const recordLineage = async (
  queries: Queries,
  { instrument, bucket, name }: VersionPlace,
  { sources, parent, transfers }: OwnLineage,
): Promise<void> => {
  for (const { kind, source, horizon, reachMs } of sources)
    await queries.query(
      nothing,
      'insert into version_source (instrument, bucket, version, kind, source, horizon, reach_ms) values ($1, $2, $3, $4, $5, $6, $7)',
      [instrument, bucket, name, kind, source, horizon, reachMs],
    );
  const versions = [...(parent === null ? [] : [{ kind: 'parent', of: parent }]), ...transfers.map((of) => ({ kind: 'transfer', of }))];
  for (const { kind, of } of versions)
    await queries.query(
      nothing,
      `insert into version_source (instrument, bucket, version, kind, source_instrument, source_bucket, source) values ($1, $2, $3, $4, $5, $6, $7)`,
      [instrument, bucket, name, kind, of.instrument, of.bucket, of.name],
    );
};

const linkOf = (row: z.output<typeof stored>): LineageLink => {
  const { instrument, bucket, version, kind, source, sourceInstrument, sourceBucket, horizon, reachMs } = row;
  const of = { instrument, bucket, name: version };
  if (kind !== 'parent' && kind !== 'transfer' && horizon !== null && reachMs !== null) return { of, kind, source, horizon, reachMs };
  if ((kind === 'parent' || kind === 'transfer') && sourceInstrument !== null && sourceBucket !== null)
    return { of, kind, version: { instrument: sourceInstrument, bucket: sourceBucket, name: source } };
  throw new Error(`${kind} ${source} of ${instrument}/${bucket}/${version} is stored without what belongs to it`);
};
