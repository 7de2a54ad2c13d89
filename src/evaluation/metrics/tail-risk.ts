/** Linear interpolation between the order statistics of an ascending array (numpy's default); NaN for an empty one. */
export const sortedQuantile = (sorted: Float64Array, probability: number): number => {
  const at = (sorted.length - 1) * probability;
  const below = Math.floor(at);
  const low = sorted[below];
  const high = sorted[Math.ceil(at)];
  if (low === undefined || high === undefined) return Number.NaN;
  return low === high ? low : low + (high - low) * (at - below);
};

/** Value at risk: the return that only `level` of the bars fall below, from history (negative for a loss). */
export const valueAtRisk = (returns: Float64Array, level: number): number => sortedQuantile(returns.toSorted(), level);

/** Conditional value at risk (expected shortfall): mean of the returns at or below the value at risk. */
export const conditionalValueAtRisk = (returns: Float64Array, level: number): number => {
  const threshold = valueAtRisk(returns, level);
  let sum = 0;
  let count = 0;
  for (const value of returns) if (value <= threshold) [sum, count] = [sum + value, count + 1];
  return sum / count;
};

/** Size of the 95th percentile over that of the 5th. */
export const tailRatio = (returns: Float64Array): number => {
  const sorted = returns.toSorted();
  return Math.abs(sortedQuantile(sorted, 0.95)) / Math.abs(sortedQuantile(sorted, 0.05));
};
