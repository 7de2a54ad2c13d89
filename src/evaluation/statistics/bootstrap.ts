import type { RandomStream } from '../../domain/ports.js';
import { longRunVariance } from './long-run-variance.js';
import { moments } from '../metrics/moments.js';
import { sortedQuantile } from '../metrics/tail-risk.js';
import { differenceWithGradient, type DifferenceWithGradient, type PairedMoments } from './sharpe-difference.js';

export interface BootstrapOptions {
  /** Net returns of the two policies on the same bars. */
  readonly candidate: Float64Array;
  readonly reference: Float64Array;
  readonly replicates: number;
  /** One-sided, above 0.5: the probability of each bound. */
  readonly confidence: number;
  readonly random: RandomStream;
  /** Bars in a block; `defaultBlockLength` unless given. */
  readonly blockLength?: number;
}

/** Sharpe ratios are per bar (ddof 1), that of returns which are all zero being 0. */
export interface SharpeDifference {
  /** Candidate - reference; not finite when either has equal returns that are not zero. */
  readonly estimate: number;
  readonly standardError: number;
  /** The true difference is above `lower`, and below `upper`, each with probability `confidence`. Not finite where the series are too short or too uneventful to tell. */
  readonly lower: number;
  readonly upper: number;
  /** Probability of a difference this large, were the candidate no better. */
  readonly pValue: number;
  readonly blockLength: number;
}

/** Fewer blocks than this say nothing about a variance. */
const FEWEST_BLOCKS = 5;

/** The cube root of the number of bars, which balances bias and noise asymptotically, and never less than 5. */
export const defaultBlockLength = (bars: number): number => Math.max(5, Math.round(Math.cbrt(bars)));

/**
 * Difference of two Sharpe ratios on the same bars, with bounds from the studentised circular block bootstrap of Ledoit & Wolf (Journal of
 * Empirical Finance 15, 2008): blocks keep the autocorrelation and the pairing, and each replicate is divided by its own standard error. A
 * replicate costs one visit per block, not per bar. Throws `RangeError` when the series differ in length or an option is out of its range.
 */
export const bootstrapSharpeDifference = (options: BootstrapOptions): SharpeDifference => {
  const { candidate, reference, replicates, confidence, random, blockLength = defaultBlockLength(candidate.length) } = options;
  assertOptions(options, blockLength);
  const n = candidate.length;
  const unknown = { standardError: NaN, lower: NaN, upper: NaN, pValue: NaN, blockLength };
  const [x, y] = [scaled(candidate), scaled(reference)];
  if (x === null || y === null)
    return { estimate: x === y ? NaN : x === null ? Infinity * mean(candidate) : -Infinity * mean(reference), ...unknown };

  const found = emptyDifference();
  const sample = { meanX: mean(x), meanY: mean(y), squareX: meanSquare(x), squareY: meanSquare(y) };
  differenceWithGradient(sample, found);
  const ddof1 = Math.sqrt((n - 1) / n);
  const estimate = found.difference * ddof1;
  const error = Math.sqrt(longRunVariance(influences(x, y, sample, found), 4) / n);
  if (error === 0) return { ...unknown, estimate, standardError: 0, lower: estimate, upper: estimate, pValue: estimate > 0 ? 0 : 1 };
  const blocks = Math.floor(n / blockLength);
  if (blocks < FEWEST_BLOCKS) return { ...unknown, estimate, standardError: error * ddof1 };

  const root = createRootSampler(prefixSums(x, y, blockLength), n, blockLength, blocks, found.difference, random);
  const roots = new Float64Array(replicates).map(root).sort();
  const bound = (probability: number): number => estimate - sortedQuantile(roots, probability) * error * ddof1;
  const beyond = roots.reduce((count, value) => (value >= found.difference / error ? count + 1 : count), 0);
  return {
    estimate,
    standardError: error * ddof1,
    lower: bound(confidence),
    upper: bound(1 - confidence),
    pValue: (beyond + 1) / (replicates + 1),
    blockLength,
  };
};

/** Draws (difference* - difference) / error* of one replicate of `blocks` blocks, from sums up to each bar. */
const createRootSampler = (
  upTo: Float64Array,
  n: number,
  length: number,
  blocks: number,
  difference: number,
  random: RandomStream,
): (() => number) => {
  const drawn = new Float64Array(4 * blocks);
  const bars = blocks * length;
  const sample: PairedMoments = { meanX: 0, meanY: 0, squareX: 0, squareY: 0 };
  const found = emptyDifference();
  return () => {
    let [meanX, meanY, squareX, squareY] = [0, 0, 0, 0];
    for (let at = 0; at < drawn.length; at += 4) {
      const from = 4 * random.integer(n);
      const to = from + 4 * length;
      meanX += drawn[at] = upTo[to]! - upTo[from]!;
      meanY += drawn[at + 1] = upTo[to + 1]! - upTo[from + 1]!;
      squareX += drawn[at + 2] = upTo[to + 2]! - upTo[from + 2]!;
      squareY += drawn[at + 3] = upTo[to + 3]! - upTo[from + 3]!;
    }
    sample.meanX = meanX / bars;
    sample.meanY = meanY / bars;
    sample.squareX = squareX / bars;
    sample.squareY = squareY / bars;
    differenceWithGradient(sample, found);
    const { byMeanX, byMeanY, bySquareX, bySquareY } = found;
    const centre = influence(sample, found) * length;
    let squares = 0;
    for (let at = 0; at < drawn.length; at += 4) {
      const sum = byMeanX * drawn[at]! + bySquareX * drawn[at + 2]! + (byMeanY * drawn[at + 1]! + bySquareY * drawn[at + 3]!) - centre;
      squares += sum * sum;
    }
    const shift = found.difference - difference;
    return shift === 0 ? 0 : (shift * bars) / Math.sqrt(squares); // error* = sqrt(squares) / bars: blocks are independent
  };
};

/** Value of the linearised difference at moments; x and y are added last, so that exchanging them changes nothing but the sign. */
const influence = ({ meanX, meanY, squareX, squareY }: PairedMoments, by: DifferenceWithGradient): number =>
  by.byMeanX * meanX + by.bySquareX * squareX + (by.byMeanY * meanY + by.bySquareY * squareY);

/** How much each bar moves the difference, around zero. */
const influences = (x: Float64Array, y: Float64Array, sample: PairedMoments, by: DifferenceWithGradient): Float64Array => {
  const centre = influence(sample, by);
  return x.map(
    (value, i) => by.byMeanX * value + by.bySquareX * value * value + (by.byMeanY * y[i]! + by.bySquareY * y[i]! * y[i]!) - centre,
  );
};

/** Sums of x, y, x², y² over all bars before bar i, at 4i; goes round for another block, so that no block is cut at the end. */
const prefixSums = (x: Float64Array, y: Float64Array, length: number): Float64Array => {
  const n = x.length;
  const sums = new Float64Array(4 * (n + length + 1));
  for (let i = 0, at = 0; i < n + length; i++, at += 4) {
    const [a, b] = [x[i % n]!, y[i % n]!];
    sums[at + 4] = sums[at]! + a;
    sums[at + 5] = sums[at + 1]! + b;
    sums[at + 6] = sums[at + 2]! + a * a;
    sums[at + 7] = sums[at + 3]! + b * b;
  }
  return sums;
};

/** The series over its population deviation, which leaves its Sharpe ratio as it is; zeros stay zeros; null when equal values are not zero. */
const scaled = (series: Float64Array): Float64Array | null => {
  const { mean, variance, count } = moments(series);
  if (variance === 0) return mean === 0 ? series : null;
  const deviation = Math.sqrt((variance * (count - 1)) / count);
  return series.map((value) => value / deviation);
};

const mean = (series: Float64Array): number => series.reduce((sum, value) => sum + value, 0) / series.length;
const meanSquare = (series: Float64Array): number => series.reduce((sum, value) => sum + value * value, 0) / series.length;
const emptyDifference = (): DifferenceWithGradient => ({ difference: 0, byMeanX: 0, byMeanY: 0, bySquareX: 0, bySquareY: 0 });

const assertOptions = ({ candidate, reference, replicates, confidence }: BootstrapOptions, blockLength: number): void => {
  if (candidate.length !== reference.length)
    throw new RangeError(`paired series have ${candidate.length} and ${reference.length} bars: expected the same bars for both`);
  if (!(confidence > 0.5 && confidence < 1)) throw new RangeError(`confidence ${confidence} is not valid: expected between 0.5 and 1`);
  if (!(Number.isInteger(replicates) && replicates >= 100))
    throw new RangeError(`${replicates} replicates are not enough: expected at least 100`);
  if (!(Number.isInteger(blockLength) && blockLength >= 1))
    throw new RangeError(`block length ${blockLength} is not valid: expected whole bars`);
};
