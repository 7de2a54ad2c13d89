import { sma } from '../moving-averages.js';
import { typicalPrice } from '../typical-price.js';
import { assertSameLength } from '../window.js';

/** Commodity channel index: distance of the typical price from its average in mean absolute deviations of 0.015; 0 where nothing has moved. Source: Lambert 1980. */
export const commodityChannel = (high: Float64Array, low: Float64Array, close: Float64Array, period = 20): Float64Array => {
  assertSameLength('commodity channel', high, low, close);
  const typical = typicalPrice(high, low, close);
  return sma(typical, period).map((mean, i) => {
    let deviation = 0;
    for (let j = Math.max(0, i - period + 1); j <= i; j++) deviation += Math.abs(typical[j]! - mean) / period;
    return Math.abs(typical[i]! - mean) <= Number.EPSILON * period * Math.abs(mean) ? 0 : (typical[i]! - mean) / (0.015 * deviation);
  });
};
