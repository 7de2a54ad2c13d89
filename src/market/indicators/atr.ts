import { wilder } from './moving-averages.js';
import { assertSameLength } from './window.js';

/** True range: the bar's range, widened to the close before; the first bar has its own range only. */
export const trueRange = (high: Float64Array, low: Float64Array, close: Float64Array): Float64Array => {
  assertSameLength('true range', high, low, close);
  return high.map((top, i) => (i === 0 ? top - low[0]! : Math.max(top, close[i - 1]!) - Math.min(low[i]!, close[i - 1]!)));
};

/** Average true range, Wilder's smoothing of all true ranges but the first bar's; first defined at `period`. Source: Wilder 1978. */
export const atr = (high: Float64Array, low: Float64Array, close: Float64Array, period = 14): Float64Array => {
  const ranges = trueRange(high, low, close);
  ranges[0] = NaN;
  return wilder(ranges, period);
};
