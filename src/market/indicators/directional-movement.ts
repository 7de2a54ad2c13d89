import { trueRange } from './atr.js';
import { wilder } from './moving-averages.js';
import { assertPeriod, undefinedValues } from './window.js';

/** Wilder's directional movement system, each line in [0, 100]. */
export interface DirectionalMovement {
  readonly plus: Float64Array;
  readonly minus: Float64Array;
  /** Average directional index: how directed the movement is, whichever way. */
  readonly adx: Float64Array;
}

/** Directional indicators (first defined at `period`) and their average index (at `2 × period - 1`); 0 where nothing has moved. Source: Wilder 1978. */
export const directionalMovement = (high: Float64Array, low: Float64Array, close: Float64Array, period = 14): DirectionalMovement => {
  assertPeriod('directional movement', period);
  const rises = undefinedValues(close.length);
  const falls = undefinedValues(close.length);
  const ranges = trueRange(high, low, close);
  for (let i = 1; i < close.length; i++) {
    const up = high[i]! - high[i - 1]!;
    const down = low[i - 1]! - low[i]!;
    rises[i] = up > down && up > 0 ? up : 0;
    falls[i] = down > up && down > 0 ? down : 0;
  }
  const range = wilderSum(ranges, period);
  const plus = wilderSum(rises, period).map((rise, i) => per100(rise, range[i]!));
  const minus = wilderSum(falls, period).map((fall, i) => per100(fall, range[i]!));
  const directed = plus.map((up, i) => per100(Math.abs(up - minus[i]!), up + minus[i]!));
  return { plus, minus, adx: wilder(directed, period) };
};

/** Wilder's decaying sum: the first `period - 1` movements, then 1 / period of it lost each bar. */
const wilderSum = (values: Float64Array, period: number): Float64Array => {
  const sums = undefinedValues(values.length);
  let sum = 0;
  for (let i = 1; i < values.length; i++) {
    sum += values[i]! - (i >= period ? sum / period : 0);
    if (i >= period) sums[i] = sum;
  }
  return sums;
};

const per100 = (part: number, whole: number): number => (whole === 0 ? 0 : (100 * part) / whole);
