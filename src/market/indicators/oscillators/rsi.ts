import { wilder } from '../moving-averages.js';
import { assertPeriod, undefinedValues } from '../window.js';

/** Relative strength index in [0, 100], Wilder's smoothing; first defined at `period`; 50 where nothing has moved. Source: Wilder 1978. */
export const rsi = (close: Float64Array, period = 14): Float64Array => {
  assertPeriod('rsi', period);
  const gains = undefinedValues(close.length);
  const losses = undefinedValues(close.length);
  for (let i = 1; i < close.length; i++) {
    const change = close[i]! - close[i - 1]!;
    gains[i] = Math.max(change, 0);
    losses[i] = Math.max(-change, 0);
  }
  const gain = wilder(gains, period);
  const loss = wilder(losses, period);
  return gain.map((up, i) => share(up, up + loss[i]!));
};

const share = (part: number, whole: number): number => (whole === 0 ? 50 : (100 * part) / whole);
