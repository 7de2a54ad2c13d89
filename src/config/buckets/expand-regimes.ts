import { bucketNames, DEFAULT_BUCKET, regimeBucket } from '../../domain/agent/bucket.js';
import type { BucketConfig, WrittenBucket } from './buckets.js';

type Named<T> = Readonly<Record<string, T>>;

/** Writes a bucket with `regimes` out as one bucket for each of them; all others stay. Tells `refuse` of names that cannot be. */
export const expandRegimes = (written: Named<WrittenBucket>, refuse: (bucket: string, message: string) => void): Named<BucketConfig> => {
  const expanded: Record<string, BucketConfig> = {};
  for (const [name, { regimes, ...bucket }] of Object.entries(written)) {
    if (regimes === undefined) expanded[name] = bucket;
    for (const regime of regimes ?? []) {
      const member = regimeBucket(name, regime);
      if (!bucketNames.test(member)) refuse(name, `its ${regime} bucket would be called ${member}: ${bucketNames.expected}`);
      if (Object.hasOwn(written, member))
        refuse(name, `its ${regime} bucket is called ${member}, as another one is: rename one of the two`);
      expanded[member] = { ...bucket, regime };
    }
  }
  return expanded;
};

/** The buckets that a name means, in the order of their configuration: the one of that name, or those of its regimes; none when there is no such name. */
export const bucketsNamed = (buckets: Named<BucketConfig>, name: string): string[] =>
  name === DEFAULT_BUCKET || Object.hasOwn(buckets, name)
    ? [name]
    : Object.entries(buckets).flatMap(([member, { regime }]) =>
        regime !== undefined && member === regimeBucket(name, regime) ? [member] : [],
      );
