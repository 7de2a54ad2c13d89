import { assertPeriod, rollingSum, undefinedValues } from './window.js';

/** Simple moving average over `period` values; first defined at `period - 1`. */
export const sma = (values: Float64Array, period: number): Float64Array => rollingSum(values, period).map((sum) => sum / period);

/** How an average with memory starts: from the mean of its first window (TA-Lib) or from the first value (NinjaTrader 8, pandas `adjust=False`). */
export type AverageSeed = 'mean' | 'first';

/** Exponential moving average with weight 2 / (period + 1); first defined at `period - 1` (seed `mean`) or at once (seed `first`). */
export const ema = (values: Float64Array, period: number, seed: AverageSeed = 'mean'): Float64Array =>
  smoothed(values, period, 2 / (period + 1), seed);

/** Wilder's moving average: weight 1 / period, seeded with the mean of the first window. */
export const wilder = (values: Float64Array, period: number): Float64Array => smoothed(values, period, 1 / period, 'mean');

const smoothed = (values: Float64Array, period: number, weight: number, seed: AverageSeed): Float64Array => {
  assertPeriod('moving average', period);
  const averages = undefinedValues(values.length);
  const first = values.findIndex((value) => !Number.isNaN(value));
  const start = seed === 'mean' ? first + period - 1 : first;
  if (first < 0 || start >= values.length) return averages;
  let average = 0;
  for (let i = first; i <= start; i++) average += values[i]! / (start - first + 1);
  averages[start] = average;
  for (let i = start + 1; i < values.length; i++) {
    average += weight * (values[i]! - average);
    averages[i] = average;
  }
  return averages;
};
