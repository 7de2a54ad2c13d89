import type { RandomStream } from '../../domain/ports.js';
import { sortedQuantile } from '../metrics/tail-risk.js';

export interface InterquartileOptions {
  /** A score for each task and, within it, each seed. */
  readonly scores: readonly (readonly number[])[];
  readonly replicates: number;
  /** Of the interval, two-sided. */
  readonly confidence: number;
  readonly random: RandomStream;
}

/** A mean over seeds and tasks that a few lucky or broken ones do not move, with its interval. */
export interface InterquartileMean {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
  readonly confidence: number;
}

/**
 * Interquartile mean of scores, the mean of the middle half of them, with percentile bounds from a bootstrap that is stratified: seeds are drawn anew
 * within each task, so that tasks of different difficulty do not look like chance (Agarwal et al. 2021). Throws `RangeError` for no scores.
 */
export const interquartileMean = ({ scores, replicates, confidence, random }: InterquartileOptions): InterquartileMean => {
  const all = scores.flat();
  if (all.length === 0 || !all.every(Number.isFinite))
    throw new RangeError(`an interquartile mean of ${all.length} scores is not defined: expected at least one, all of them finite`);
  const drawn = new Float64Array(all.length);
  const means = new Float64Array(replicates).map(() => {
    let at = 0;
    for (const seeds of scores) seeds.forEach(() => (drawn[at++] = seeds[random.integer(seeds.length)]!));
    return middleMean(drawn);
  });
  means.sort();
  return {
    value: middleMean(Float64Array.from(all)),
    lower: sortedQuantile(means, (1 - confidence) / 2),
    upper: sortedQuantile(means, (1 + confidence) / 2),
    confidence,
  };
};

/** Mean of what is left when a quarter of the values, rounded down, is cut off at either end. */
const middleMean = (values: Float64Array): number => {
  const cut = Math.floor(values.length / 4);
  const middle = values.toSorted().subarray(cut, values.length - cut);
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
};
