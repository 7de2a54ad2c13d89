import { assertSameLength } from './window.js';

/** On-balance volume: volume added on a rising close and taken off on a falling one, starting at 0. Source: Granville 1963. */
export const obv = (close: Float64Array, volume: Float64Array): Float64Array => {
  assertSameLength('obv', close, volume);
  let balance = 0;
  return close.map((last, i) => (balance += i === 0 ? 0 : Math.sign(last - close[i - 1]!) * volume[i]!));
};
