import type { RandomStream } from '../ports.js';

/** An interquartile mean with the bounds of its two-sided 95 % interval. */
export interface Interval {
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
}

/** What a transfer did, against trainings without it that were equal in everything else. */
export type TransferEffect =
  | {
      readonly measured: true;
      /** Trainings of each kind, paired by seed. */
      readonly seeds: number;
      readonly treated: Interval;
      readonly control: Interval;
      /** Of the differences by seed. */
      readonly gain: Interval;
    }
  | { readonly measured: false; readonly reason: string };

/** Fewer pairs than this show nothing. */
export const FEWEST_SEEDS = 3;
const REPLICATES = 2_000;

/** The mean of the middle half of the values (Agarwal et al. 2021, arXiv 2108.13264); values at the quartiles count in part. Throws `RangeError` without values. */
export const interquartileMean = (values: readonly number[]): number => {
  if (values.length === 0) throw new RangeError('an interquartile mean needs at least one value');
  const sorted = values.toSorted((a, b) => a - b);
  const [from, to] = [values.length / 4, (3 * values.length) / 4];
  const sum = sorted.reduce((total, value, i) => total + value * Math.max(0, Math.min(i + 1, to) - Math.max(i, from)), 0);
  return sum / (to - from);
};

/**
 * The effect by scores of trainings with and without, in the order of the same seeds, with percentile bootstrap intervals over the seeds. Throws
 * `RangeError` for fewer than three pairs or unequal numbers.
 */
export const measureEffect = (treated: readonly number[], control: readonly number[], random: RandomStream): TransferEffect => {
  if (treated.length !== control.length || treated.length < FEWEST_SEEDS)
    throw new RangeError(
      `${treated.length} trainings with and ${control.length} without the transfer: expected at least ${FEWEST_SEEDS} pairs by seed`,
    );
  const gain = treated.map((score, seed) => score - (control[seed] ?? NaN));
  const draws = Array.from({ length: REPLICATES }, () => treated.map(() => random.integer(treated.length)));
  const ofSeries = (values: readonly number[]): Interval =>
    interval(
      values,
      draws.map((seeds) => interquartileMean(seeds.map((seed) => values[seed] ?? NaN))),
    );
  return { measured: true, seeds: treated.length, treated: ofSeries(treated), control: ofSeries(control), gain: ofSeries(gain) };
};

const interval = (values: readonly number[], replicates: readonly number[]): Interval => {
  const sorted = replicates.toSorted((a, b) => a - b);
  const at = (probability: number): number => sorted[Math.min(sorted.length - 1, Math.floor(probability * sorted.length))] ?? NaN;
  return { estimate: interquartileMean(values), lower: at(0.025), upper: at(0.975) };
};
