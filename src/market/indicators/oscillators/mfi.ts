import { assertPeriod, assertSameLength, undefinedValues } from '../window.js';
import { typicalPrice } from '../typical-price.js';

/** Money flow index in [0, 100]: share of rising money among all that moved; first defined at `period`; 50 where none moved. Source: Quong and Soudack 1989. */
export const mfi = (high: Float64Array, low: Float64Array, close: Float64Array, volume: Float64Array, period = 14): Float64Array => {
  assertPeriod('mfi', period);
  assertSameLength('mfi', high, low, close, volume);
  const typical = typicalPrice(high, low, close);
  const index = undefinedValues(close.length);
  for (let i = period; i < close.length; i++) {
    let rising = 0;
    let moved = 0;
    for (let j = i - period + 1; j <= i; j++) {
      const money = typical[j]! * volume[j]!;
      if (typical[j]! > typical[j - 1]!) rising += money;
      if (typical[j]! !== typical[j - 1]!) moved += money;
    }
    index[i] = moved === 0 ? 50 : (100 * rising) / moved;
  }
  return index;
};
