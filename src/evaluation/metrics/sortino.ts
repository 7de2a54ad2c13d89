/**
 * Sortino ratio with minimum acceptable return 0: mean / sqrt(mean(min(r, 0)²)) over all n returns × sqrt(periods per year), as empyrical has it.
 * +Infinity when nothing was lost, NaN for returns that are all zero or none.
 */
export const sortino = (returns: Float64Array, periodsPerYear: number): number => {
  let sum = 0;
  let downside = 0;
  for (const value of returns) {
    sum += value;
    if (value < 0) downside += value * value;
  }
  return (sum / returns.length / Math.sqrt(downside / returns.length)) * Math.sqrt(periodsPerYear);
};
