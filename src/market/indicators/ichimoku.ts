import { assertSameLength, rollingMaximum, rollingMinimum, undefinedValues } from './window.js';

/** Ichimoku's lines as they may be known at each bar: the cloud is the one drawn `base` bars before. The chikou span looks ahead and is left out. */
export interface Ichimoku {
  readonly conversion: Float64Array;
  readonly base: Float64Array;
  readonly leadingA: Float64Array;
  readonly leadingB: Float64Array;
}

/** Ichimoku kinko hyo of the middles of 9, 26 and 52 bars, the leading spans shifted 26 bars ahead. Source: Hosoda 1969. */
export const ichimoku = (high: Float64Array, low: Float64Array, conversionPeriod = 9, basePeriod = 26, leadingPeriod = 52): Ichimoku => {
  assertSameLength('ichimoku', high, low);
  const conversion = middle(high, low, conversionPeriod);
  const base = middle(high, low, basePeriod);
  const leadingA = conversion.map((value, i) => (value + base[i]!) / 2);
  return { conversion, base, leadingA: delayed(leadingA, basePeriod), leadingB: delayed(middle(high, low, leadingPeriod), basePeriod) };
};

const middle = (high: Float64Array, low: Float64Array, period: number): Float64Array => {
  const bottom = rollingMinimum(low, period);
  return rollingMaximum(high, period).map((top, i) => (top + bottom[i]!) / 2);
};

const delayed = (values: Float64Array, bars: number): Float64Array => {
  const later = undefinedValues(values.length);
  if (values.length > bars) later.set(values.subarray(0, values.length - bars), bars);
  return later;
};
