import type { Moments } from './moments.js';
import { normalCdf, normalQuantile } from './normal.js';

/** What the statistics of a Sharpe ratio need: the ratio per bar, the number of bars, skewness, and kurtosis (3 for a normal). */
export interface SharpeSample {
  readonly sharpe: number;
  readonly count: number;
  readonly skewness: number;
  readonly kurtosis: number;
}

const EULER_GAMMA = 0.5772156649015329;

/** The sample of a return series; its Sharpe ratio is per bar with ddof 1. */
export const sharpeSample = ({ count, mean, variance, skewness, kurtosis }: Moments): SharpeSample => ({
  sharpe: mean / Math.sqrt(variance),
  count,
  skewness,
  kurtosis,
});

/** Variance of the Sharpe estimator times (n - 1). */
const estimatorVariance = ({ sharpe, skewness, kurtosis }: SharpeSample): number =>
  1 - skewness * sharpe + ((kurtosis - 1) / 4) * sharpe * sharpe;

/** Probabilistic Sharpe ratio: the probability that the true Sharpe exceeds `benchmark`, both per bar (Bailey & López de Prado 2012). */
export const probabilisticSharpe = (sample: SharpeSample, benchmark: number): number =>
  normalCdf(((sample.sharpe - benchmark) * Math.sqrt(sample.count - 1)) / Math.sqrt(estimatorVariance(sample)));

/** Minimum track record length in bars to show, at `confidence`, a Sharpe above `benchmark`; Infinity when the sample's is not (ibid.). */
export const minimumTrackRecord = (sample: SharpeSample, benchmark: number, confidence: number): number =>
  sample.sharpe > benchmark ? 1 + estimatorVariance(sample) * (normalQuantile(confidence) / (sample.sharpe - benchmark)) ** 2 : Infinity;

/**
 * Largest Sharpe to be expected of `trials` independent ones without skill, whose Sharpe ratios have this variance (Bailey & López de Prado 2014,
 * from the first two moments of the Gumbel limit); 0 for one trial, which makes the deflated ratio PSR(0).
 */
export const expectedMaximumSharpe = (variance: number, trials: number): number => {
  if (!(trials >= 1)) throw new RangeError(`number of trials ${trials} is not valid: expected at least 1, the candidate itself`);
  if (trials === 1) return 0;
  const upper = (probability: number): number => -normalQuantile(probability); // Φ⁻¹(1 - p), exact for small p
  return Math.sqrt(variance) * ((1 - EULER_GAMMA) * upper(1 / trials) + EULER_GAMMA * upper(1 / (trials * Math.E)));
};

/** Deflated Sharpe ratio: the probability that the true Sharpe exceeds what the luckiest of `trials` without skill would show. */
export const deflatedSharpe = (sample: SharpeSample, variance: number, trials: number): number =>
  probabilisticSharpe(sample, expectedMaximumSharpe(variance, trials));
