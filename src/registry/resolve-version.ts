import { z } from 'zod';
import { parseVersionReference } from '../domain/model/version-name.js';
import type { VersionReference } from '../domain/model/version-name.js';
import type { Queries } from './database/database.js';
import { NotRegistered } from './errors.js';

const place = z.object({ instrument: z.string(), bucket: z.string(), name: z.string() });

/** A version's full key. */
export type VersionPlace = z.output<typeof place>;

export class AmbiguousVersion extends Error {
  override readonly name = 'AmbiguousVersion';
  constructor(written: string, candidates: readonly string[]) {
    super(`${JSON.stringify(written)} could be ${candidates.join(' or ')}: give the whole name`);
  }
}

/** Finds the one version that `written` means to a reader of `instrument` and `bucket`. Throws `NotRegistered`, `AmbiguousVersion`. */
export const resolveVersion = async (queries: Queries, instrument: string, bucket: string, written: string): Promise<VersionPlace> => {
  const candidates = await find(queries, instrument, bucket, parseVersionReference(written));
  const [only] = candidates;
  if (only === undefined)
    throw new NotRegistered('version', written, `"ratchet models --list --instrument ${instrument}" shows what there is`);
  if (candidates.length > 1)
    throw new AmbiguousVersion(
      written,
      candidates.map((candidate) => candidate.name),
    );
  return only;
};

const find = (queries: Queries, instrument: string, bucket: string, reference: VersionReference): Promise<VersionPlace[]> => {
  switch (reference.kind) {
    case 'name':
      return queries.query(place, `${FROM_VERSION} and name = $3`, [instrument, bucket, reference.name]);
    case 'number':
      return queries.query(place, `${FROM_VERSION} and number = $3`, [instrument, bucket, reference.number]);
    case 'stamp':
      return queries.query(place, `${FROM_VERSION} and right(name, 15) = $3 order by number`, [instrument, bucket, reference.stamp]);
    case 'production':
      return queries.query(
        place,
        `select instrument, bucket, version as name from production
         where live_until is null and (instrument = $1 and bucket = $2 or instrument || '_' || bucket = $3)`,
        [reference.place ?? instrument, bucket, reference.place],
      );
    case 'previous':
      return queries.query(place, PREVIOUS_LIVE, [instrument, bucket]);
  }
};

const FROM_VERSION = 'select instrument, bucket, name from version where instrument = $1 and bucket = $2';

/** The version that was live last before the present one, other than it. */
const PREVIOUS_LIVE = `
  select past.instrument, past.bucket, past.version as name
  from production live join production past using (instrument, bucket)
  where instrument = $1 and bucket = $2 and live.live_until is null and past.version <> live.version
  order by past.live_since desc limit 1`;
