import { ema } from './moving-averages.js';
import type { AverageSeed } from './moving-averages.js';

/** Moving average convergence and divergence. */
export interface Macd {
  readonly line: Float64Array;
  readonly signal: Float64Array;
  readonly histogram: Float64Array;
}

/** MACD: fast less slow exponential average, its own average as signal, and their difference. Source: Appel 1979. */
export const macd = (close: Float64Array, fast = 12, slow = 26, smoothing = 9, seed: AverageSeed = 'mean'): Macd => {
  if (fast >= slow) throw new RangeError(`macd: fast period ${fast} is not valid: expected less than the slow period ${slow}`);
  const slowAverage = ema(close, slow, seed);
  const line = ema(close, fast, seed).map((average, i) => average - slowAverage[i]!);
  const signal = ema(line, smoothing, seed);
  return { line, signal, histogram: line.map((value, i) => value - signal[i]!) };
};
