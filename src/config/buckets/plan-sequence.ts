import type { RequestedTransfer, SequenceRequest } from '../../domain/sequence/sequence.js';
import { MOST_IN_CURRICULUM } from '../../domain/sequence/curriculum.js';
import { ofBucket } from './bucket-training.js';
import { bucketsNamed } from './expand-regimes.js';
import { InvalidConfig } from '../layers.js';
import { nearest } from '../nearest.js';
import type { RatchetConfig } from '../ratchet.js';

/** What a person asks of a sequence; what is not said is as the configuration has it. */
export interface SequenceWish {
  readonly buckets?: readonly string[];
  /** Episodes of every bucket, or by bucket. */
  readonly episodes?: number | Readonly<Record<string, number>>;
  readonly transfer?: boolean;
  /** Whether the order is chosen by measured benefit. */
  readonly curriculum?: boolean;
  /** Buckets trained at once. */
  readonly parallel?: number;
  /** The bucket whose production the first one starts from. */
  readonly from?: string;
  /** Bars ahead, of every bucket. */
  readonly horizon?: { readonly shortest: number; readonly longest: number };
  readonly frequency?: string;
  readonly capitalAllocation?: number;
}

/** The alias of a bucket's production. */
const PRODUCTION = 'best_model';

/**
 * The sequence that a wish means. Throws `InvalidConfig` for a bucket that is not configured or named twice, and for wishes that exclude one another:
 * buckets at once, or in an order that follows transfers.
 */
export const planSequence = (
  { buckets: configured, progressive }: Pick<RatchetConfig, 'buckets' | 'progressive'>,
  wish: SequenceWish,
): SequenceRequest => {
  const names = (wish.buckets ?? progressive.sequence).flatMap((name) => knownBuckets(configured, name));
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new InvalidConfig(`bucket ${twice} is named twice in the sequence ${names.join(', ')}: expected each once`);
  const { episodes, horizon, frequency, capitalAllocation } = wish;
  if (typeof episodes === 'object') for (const name of Object.keys(episodes)) knownBuckets(configured, name);
  const episodesOf = (name: string): number | undefined => (typeof episodes === 'object' ? ofBucket(episodes, configured, name) : episodes);
  const transfer = wish.transfer ?? progressive.transfer.enabled;
  if (transfer && (wish.parallel ?? 1) > 1)
    throw new InvalidConfig(
      `${wish.parallel ?? 1} buckets at once were asked for, but each starts with what the one before it learned: expected parallel 1, or no transfer (--no-transfer)`,
    );
  if (!transfer && wish.curriculum === true)
    throw new InvalidConfig('a curriculum was asked for without transfer: its order is chosen by what transfers were measured to be worth');
  const curriculum = transfer && (wish.curriculum ?? progressive.curriculum);
  if (curriculum && names.length > MOST_IN_CURRICULUM)
    throw new InvalidConfig(`a curriculum of ${names.length} buckets was asked for: expected at most ${MOST_IN_CURRICULUM}`);
  return {
    buckets: names.map((bucket) => {
      const own = episodesOf(bucket);
      return {
        bucket,
        ...(own === undefined ? {} : { episodes: own }),
        ...(horizon === undefined ? {} : { horizon }),
        ...(frequency === undefined ? {} : { frequency }),
        ...(capitalAllocation === undefined ? {} : { capitalAllocation }),
      };
    }),
    transfer,
    from: wish.from === undefined ? null : { bucket: knownBucket(configured, wish.from), version: PRODUCTION },
    ...(progressive.transfer.reverse ? { reverse: true } : {}),
    ...(curriculum ? { curriculum } : {}),
    ...(transfer ? {} : { parallel: wish.parallel ?? progressive.parallel }),
    pauseMs: progressive.pauseBetweenBucketsSeconds * 1_000,
  };
};

/** A transfer that a person asks for. */
export interface TransferWish extends Pick<RequestedTransfer, 'to' | 'kinds'> {
  /** Bucket that hands on, and its version; its production unless given. */
  readonly from: string;
  readonly version?: string;
  readonly force?: boolean;
}

/** The transfer that a wish means. Throws `InvalidConfig` for a bucket that is not configured. */
export const planTransfer = (
  { buckets }: Pick<RatchetConfig, 'buckets'>,
  { from, version = PRODUCTION, to, kinds, force = false }: TransferWish,
): RequestedTransfer => ({
  to: knownBucket(buckets, to),
  from: { bucket: knownBucket(buckets, from), version },
  ...(kinds === undefined ? {} : { kinds }),
  ...(force ? { forced: true } : {}),
});

/** Throws `InvalidConfig` for the name of several, too. */
const knownBucket = (configured: RatchetConfig['buckets'], name: string): string => {
  const [known = name, ...others] = knownBuckets(configured, name);
  if (others.length === 0) return known;
  throw new InvalidConfig(`${name} is a bucket for each of several regimes: expected one of ${[known, ...others].join(', ')}`);
};

/** A name may mean the buckets of all its regimes. */
const knownBuckets = (configured: RatchetConfig['buckets'], name: string): string[] => {
  const named = bucketsNamed(configured, name);
  if (named.length > 0) return named;
  const meant = nearest(name, Object.keys(configured));
  throw new InvalidConfig(
    `bucket ${name} is not configured${meant === null ? '' : `; did you mean ${meant}?`} Known: ${Object.keys(configured).join(', ')}`,
  );
};
