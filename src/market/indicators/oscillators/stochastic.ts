import { sma } from '../moving-averages.js';
import { assertSameLength, rollingMaximum, rollingMinimum } from '../window.js';

/** Stochastic oscillator, each line in [0, 100]. */
export interface Stochastic {
  readonly fastK: Float64Array;
  readonly slowK: Float64Array;
  readonly slowD: Float64Array;
}

/** Place of the close in the range of `period` bars, 50 where the range is empty; `slowK` and `slowD` smooth it once and twice. Source: Lane 1984. */
export const stochastic = (
  high: Float64Array,
  low: Float64Array,
  close: Float64Array,
  period = 14,
  slowing = 3,
  smoothing = 3,
): Stochastic => {
  assertSameLength('stochastic', high, low, close);
  const top = rollingMaximum(high, period);
  const bottom = rollingMinimum(low, period);
  const fastK = close.map((last, i) => (top[i] === bottom[i] ? 50 : (100 * (last - bottom[i]!)) / (top[i]! - bottom[i]!)));
  const slowK = sma(fastK, slowing);
  return { fastK, slowK, slowD: sma(slowK, smoothing) };
};

/** Williams %R in [-100, 0]: the stochastic's place counted from the top. Source: Williams 1973. */
export const williamsR = (high: Float64Array, low: Float64Array, close: Float64Array, period = 14): Float64Array =>
  stochastic(high, low, close, period).fastK.map((place) => place - 100);
