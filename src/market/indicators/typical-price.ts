/** (high + low + close) / 3 of each bar. */
export const typicalPrice = (high: Float64Array, low: Float64Array, close: Float64Array): Float64Array =>
  close.map((last, i) => (high[i]! + low[i]! + last) / 3);
