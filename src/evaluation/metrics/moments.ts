/** Shape of a return series, per bar. */
export interface Moments {
  readonly count: number;
  readonly mean: number;
  /** Sample variance (ddof 1). */
  readonly variance: number;
  /** Biased (population) skewness. */
  readonly skewness: number;
  /** Biased (population) kurtosis, 3 for a normal distribution. */
  readonly kurtosis: number;
}

/** Moments of `returns` in two passes; NaN where there are too few values or no variance. */
export const moments = (returns: Float64Array): Moments => {
  const count = returns.length;
  let sum = 0;
  for (const value of returns) sum += value;
  const mean = sum / count;
  let second = 0;
  let third = 0;
  let fourth = 0;
  for (const value of returns) {
    const deviation = value - mean;
    const square = deviation * deviation;
    second += square;
    third += square * deviation;
    fourth += square * square;
  }
  if (isRounding(second / count, mean, count)) second = third = fourth = 0; // what is left is rounding: the values do not vary
  const population = second / count;
  return {
    count,
    mean,
    variance: count > 1 ? second / (count - 1) : Number.NaN,
    skewness: third / count / population ** 1.5,
    kurtosis: fourth / count / (population * population),
  };
};

/** Whether a variance is no more than what rounding in the sum leaves of that many equal values. */
const isRounding = (variance: number, mean: number, count: number): boolean => variance <= (count * Number.EPSILON * mean) ** 2;
