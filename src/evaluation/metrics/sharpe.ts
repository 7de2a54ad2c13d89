import { moments } from './moments.js';

/**
 * Sharpe ratio of excess returns: mean / standard deviation (ddof 1) × sqrt(periods per year); 1 period per year gives it per bar.
 * NaN without returns that vary around zero mean, ±Infinity when equal returns are not zero (empyrical has the same).
 */
export const sharpe = (returns: Float64Array, periodsPerYear: number): number => {
  const { mean, variance } = moments(returns);
  return (mean / Math.sqrt(variance)) * Math.sqrt(periodsPerYear);
};
