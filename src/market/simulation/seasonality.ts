/** Minutes of a regular session. */
export const REGULAR_MINUTES = 390;

/** Volatility of each minute of a session of `minutes`, mean square 1: the U of a trading day (Wood, McInish and Ord 1985). */
export const volatilityShape = (minutes: number): Float64Array => {
  const shape = rushes(minutes, 1.3, 0.5);
  const meanSquare = shape.reduce((sum, value) => sum + value * value, 0) / minutes;
  return shape.map((value) => value / Math.sqrt(meanSquare));
};

/** Median volume of each minute of a session of `minutes` relative to its middle: a deeper U. */
export const volumeShape = (minutes: number): Float64Array => rushes(minutes, 2.2, 1.8);

const rushes = (minutes: number, open: number, close: number): Float64Array =>
  Float64Array.from({ length: minutes }, (_, minute) => 1 + open * Math.exp(-minute / 25) + close * Math.exp(-(minutes - 1 - minute) / 20));
