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

/** Share of cash by which what was never measured is hoped to gain more than what was: of equal orders the unknown one is tried. */
const CURIOSITY = 1e-9;

/**
 * The bucket that a best order of the `open` ones begins with, after those that are `trained`: one whose gains add up to most, each bucket starting
 * from the trained one that helps it most. What was never measured is hoped to gain a little more than the best that was, so that it is tried wherever
 * no order is known to be better; a loss counts as nothing, because a transfer that harms is refused. Of equal orders it is the one that follows the
 * list. Null when none is open; throws `RangeError` for more than twelve.
 */
export const nextInCurriculum = (
  open: readonly string[],
  trained: readonly string[],
  measured: readonly MeasuredGain[],
): CurriculumStep | null => {
  if (open.length > MOST_IN_CURRICULUM)
    throw new RangeError(`a curriculum of ${open.length} buckets: expected at most ${MOST_IN_CURRICULUM}`);
  const best = Math.max(0, ...measured.map(({ gain }) => gain));
  const found = (from: string, to: string): MeasuredGain | undefined => measured.find((pair) => pair.from === from && pair.to === to);
  const worth = (from: string, to: string): number => found(from, to)?.gain ?? best + CURIOSITY;
  const gainFromTrained = open.map((to) => mostOf(trained.filter((from) => from !== to).map((from) => worth(from, to))));
  const gainFromOpen = open.map((to) => open.map((from) => (from === to ? 0 : worth(from, to))));

  /** By the set of open buckets that are trained, as bits: what the best order of the others gains. */
  const totals = new Float64Array(2 ** open.length);
  const gainOf = (to: number, set: number): number =>
    mostOf([gainFromTrained[to] ?? 0, ...(gainFromOpen[to] ?? []).filter((_, from) => (set & (1 << from)) !== 0)]);
  const totalWith = (to: number, set: number): number => gainOf(to, set) + (totals[set | (1 << to)] ?? 0);
  const missing = (set: number): number[] => [...open.keys()].filter((bucket) => (set & (1 << bucket)) === 0);
  for (let set = totals.length - 2; set >= 0; set--) totals[set] = mostOf(missing(set).map((to) => totalWith(to, set)));

  const bucket = open.find((_, to) => totalWith(to, 0) === totals[0]);
  if (bucket === undefined) return null;
  const teachers = trained.filter((from) => from !== bucket);
  const from = teachers.toSorted((one, other) => worth(other, bucket) - worth(one, bucket))[0] ?? null;
  return { bucket, from, because: reasonFor(from, from === null ? undefined : found(from, bucket), best) };
};

/** The largest, or nothing where all are losses. */
const mostOf = (values: readonly number[]): number => Math.max(0, ...values);

const reasonFor = (from: string | null, pair: MeasuredGain | undefined, best: number): string => {
  if (from === null) return 'none is trained that could hand on to it';
  if (pair === undefined)
    return `what ${from} hands on to it was never measured; the best that was measured gained ${percent(best)} of cash`;
  return `${from} gained it ${percent(pair.gain)} of cash in ${pair.transfers} measured transfer${pair.transfers === 1 ? '' : 's'}`;
};
