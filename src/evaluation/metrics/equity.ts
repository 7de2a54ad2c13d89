/** How returns add up: on fixed capital they are summed, reinvested they compound. */
export type Growth = 'additive' | 'compound';

/** Equity after each bar, from a start of 1. */
export const equityCurve = (returns: Float64Array, growth: Growth): Float64Array => {
  const equity = new Float64Array(returns.length);
  let value = 1;
  for (let i = 0; i < returns.length; i++) equity[i] = value = growth === 'additive' ? value + returns[i]! : value * (1 + returns[i]!);
  return equity;
};

/** Gain over the whole series as a fraction of the start; 0 for an empty one. */
export const totalReturn = (returns: Float64Array, growth: Growth): number => (equityCurve(returns, growth).at(-1) ?? 1) - 1;

/** Return per year: compound annual growth rate, or the mean return times the periods on fixed capital. NaN for an empty series. */
export const annualReturn = (returns: Float64Array, periodsPerYear: number, growth: Growth): number => {
  const total = totalReturn(returns, growth);
  const years = returns.length / periodsPerYear;
  return growth === 'additive' ? total / years : (1 + total) ** (1 / years) - 1;
};
