import { assertSameLength, rollingExtremeIndex } from './window.js';

/** The swing of a window: its extremes, and how long ago they were. */
export interface Swing {
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly barsSinceHigh: Float64Array;
  readonly barsSinceLow: Float64Array;
}

/** Highest high and lowest low of each window of `period` bars, the newest of equals; first defined at `period - 1`. */
export const swing = (high: Float64Array, low: Float64Array, period = 100): Swing => {
  assertSameLength('swing', high, low);
  const tops = rollingExtremeIndex(high, period, (candidate, best) => candidate >= best);
  const bottoms = rollingExtremeIndex(low, period, (candidate, best) => candidate <= best);
  return {
    high: Float64Array.from(tops, (index) => (index < 0 ? NaN : high[index]!)),
    low: Float64Array.from(bottoms, (index) => (index < 0 ? NaN : low[index]!)),
    barsSinceHigh: Float64Array.from(tops, (index, i) => (index < 0 ? NaN : i - index)),
    barsSinceLow: Float64Array.from(bottoms, (index, i) => (index < 0 ? NaN : i - index)),
  };
};

/** Fibonacci retracement of the swing at `ratio`: measured down from its high, or up from its low. */
export const retracement = ({ high, low }: Swing, ratio: number, direction: 'down' | 'up'): Float64Array =>
  high.map((top, i) => (direction === 'down' ? top - ratio * (top - low[i]!) : low[i]! + ratio * (top - low[i]!)));
