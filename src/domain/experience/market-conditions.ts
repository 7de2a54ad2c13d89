import type { MarketConditions, Trend } from './experience.js';

/** Bars that are looked back on. */
export const LOOK_BACK_BARS = 120;
/** One-sided 5 % of a normal distribution. */
const CRITICAL = 1.645;

/**
 * The market at the close of `bar`, by the log returns of the 120 bars up to it: volatility is their standard deviation, annualised; the trend is that
 * of a random walk with drift, up or down where the t-statistic of its slope, mean × √n / deviation, passes ±1.645. Null with fewer than two returns.
 */
export const marketConditions = (close: Float64Array, bar: number, periodsPerYear: number): MarketConditions | null => {
  const from = Math.max(1, bar - LOOK_BACK_BARS + 1);
  const count = bar - from + 1;
  if (count < 2) return null;
  let [sum, squares] = [0, 0];
  for (let at = from; at <= bar; at++) {
    const change = Math.log((close[at] ?? NaN) / (close[at - 1] ?? NaN));
    sum += change;
    squares += change * change;
  }
  const mean = sum / count;
  const deviation = Math.sqrt(Math.max(0, (squares - count * mean * mean) / (count - 1)));
  if (!Number.isFinite(deviation)) return null;
  return { volatility: deviation * Math.sqrt(periodsPerYear), trend: trendOf(mean, deviation, count) };
};

const trendOf = (mean: number, deviation: number, count: number): Trend => {
  const statistic = deviation === 0 ? Math.sign(mean) * Infinity : (mean * Math.sqrt(count)) / deviation;
  return statistic > CRITICAL ? 'bullish' : statistic < -CRITICAL ? 'bearish' : 'neutral';
};
