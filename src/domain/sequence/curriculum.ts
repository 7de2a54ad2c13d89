import { percent, type Transfer } from '../transfer/transfer.js';

/** What one bucket's knowledge was measured to be worth to the training of another, on one instrument. */
export interface MeasuredGain {
  readonly from: string;
  readonly to: string;
  /** Mean gain over the transfers that were measured, as a share of cash. */
  readonly gain: number;
  /** Transfers that were measured. */
  readonly transfers: number;
}

/** The bucket to train next, and the one that hands on to it. */
export interface CurriculumStep {
  readonly bucket: string;
  /** Null where none has been trained. */
  readonly from: string | null;
  /** Why this one, for people. */
  readonly because: string;
}

/** The gains of transfers, by pair of buckets; what was not measured says nothing. */
export const gainsByPair = (transfers: readonly Pick<Transfer, 'from' | 'to' | 'effect'>[]): MeasuredGain[] => {
  const pairs = new Map<string, MeasuredGain>();
  for (const { from, to, effect } of transfers) {
    if (!effect.measured) continue;
    const key = JSON.stringify([from.bucket, to]);
    const { gain, transfers: count } = pairs.get(key) ?? { gain: 0, transfers: 0 };
    pairs.set(key, { from: from.bucket, to, gain: gain + (effect.gain.estimate - gain) / (count + 1), transfers: count + 1 });
  }
  return [...pairs.values()];
};

/** Most buckets whose orders are all weighed up: their number doubles with each. */
export const MOST_IN_CURRICULUM = 12;

/**
 * The bucket that a best order of the `open` ones begins with, after those that are `trained`: one whose gains add up to most, each bucket starting
 * from the trained one that helps it most. What was never measured is hoped to gain as much as the best that was, so that every pair comes to be
 * measured; a loss counts as nothing, because a transfer that harms is refused. Of equal orders it is the one that follows the list. Null when none is
 * open; throws `RangeError` for more than twelve.
 */
export const nextInCurriculum = (
  open: readonly string[],
  trained: readonly string[],
  measured: readonly MeasuredGain[],
): CurriculumStep | null => {
  if (open.length > MOST_IN_CURRICULUM)
    throw new RangeError(`a curriculum of ${open.length} buckets: expected at most ${MOST_IN_CURRICULUM}`);
  const hope = Math.max(0, ...measured.map(({ gain }) => gain));
  const found = (from: string, to: string): MeasuredGain | undefined => measured.find((pair) => pair.from === from && pair.to === to);
  const worth = (from: string, to: string): number => found(from, to)?.gain ?? hope;
  const teachers = (mask: number): string[] => [...trained, ...open.filter((_, i) => (mask & (1 << i)) !== 0)];
  const teacherOf = (to: string, known: readonly string[]): string | null =>
    known
      .filter((from) => from !== to)
      .reduce<string | null>((best, from) => (best !== null && worth(best, to) >= worth(from, to) ? best : from), null);

  /** Total gain of the best order of what the mask lacks, and the place of its first. */
  const best = new Map<number, { readonly total: number; readonly first: number }>();
  const all = 2 ** open.length - 1;
  for (let mask = all; mask >= 0; mask--) {
    const known = teachers(mask);
    let [total, first] = [mask === all ? 0 : -1, -1];
    for (const [i, bucket] of open.entries()) {
      if ((mask & (1 << i)) !== 0) continue;
      const from = teacherOf(bucket, known);
      const gain = from === null ? 0 : Math.max(0, worth(from, bucket));
      const reached = gain + (best.get(mask | (1 << i))?.total ?? 0);
      if (reached > total) [total, first] = [reached, i];
    }
    best.set(mask, { total, first });
  }
  const bucket = open[best.get(0)?.first ?? -1];
  if (bucket === undefined) return null;
  const from = teacherOf(bucket, trained);
  return { bucket, from, because: reasonFor(from, from === null ? undefined : found(from, bucket), hope) };
};

const reasonFor = (from: string | null, pair: MeasuredGain | undefined, hope: number): string => {
  if (from === null) return 'none is trained that could hand on to it';
  if (pair === undefined) return `what ${from} hands on to it was never measured; hoped for is ${percent(hope)} of cash`;
  return `${from} gained it ${percent(pair.gain)} of cash in ${pair.transfers} measured transfer${pair.transfers === 1 ? '' : 's'}`;
};
