import { sma } from './moving-averages.js';
import { assertPeriod, undefinedValues } from './window.js';

/** Bands about a simple average. */
export interface BollingerBands {
  readonly upper: Float64Array;
  readonly middle: Float64Array;
  readonly lower: Float64Array;
  /** 0 on the lower band, 1 on the upper; 0.5 where the bands meet. */
  readonly percentB: Float64Array;
}

/** Bollinger bands: simple average ± `width` population deviations; first defined at `period - 1`. Source: Bollinger 2001. */
export const bollinger = (close: Float64Array, period = 20, width = 2): BollingerBands => {
  const middle = sma(close, period);
  const deviation = populationDeviation(close, period);
  const upper = middle.map((mean, i) => mean + width * deviation[i]!);
  const lower = middle.map((mean, i) => mean - width * deviation[i]!);
  const percentB = close.map((last, i) => (deviation[i] === 0 ? 0.5 : (last - lower[i]!) / (upper[i]! - lower[i]!)));
  return { upper, middle, lower, percentB };
};

/** Deviation (ddof 0) of each window of `period` values, in two passes; first defined at `period - 1`; exactly 0 where the window is flat. */
export const populationDeviation = (values: Float64Array, period: number): Float64Array => {
  assertPeriod('deviation', period);
  const deviations = undefinedValues(values.length);
  for (let i = period - 1; i < values.length; i++) {
    const base = values[i]!;
    let mean = 0;
    for (let j = i - period + 1; j <= i; j++) mean += (values[j]! - base) / period;
    let square = 0;
    for (let j = i - period + 1; j <= i; j++) square += (values[j]! - base - mean) ** 2;
    deviations[i] = Math.sqrt(square / period);
  }
  return deviations;
};
