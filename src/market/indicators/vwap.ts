import { typicalPrice } from './typical-price.js';
import { assertSameLength } from './window.js';

/** Volume-weighted average of typical prices since the session's start; the typical price itself while nothing has traded. */
export const sessionVwap = (
  high: Float64Array,
  low: Float64Array,
  close: Float64Array,
  volume: Float64Array,
  session: Int32Array,
): Float64Array => {
  assertSameLength('vwap', high, low, close, volume);
  const typical = typicalPrice(high, low, close);
  let money = 0;
  let traded = 0;
  return typical.map((price, i) => {
    if (i > 0 && session[i] !== session[i - 1]) money = traded = 0;
    money += price * volume[i]!;
    traded += volume[i]!;
    return traded === 0 ? price : money / traded;
  });
};
