/** Throws `RangeError` unless `period` is a whole number of bars of at least `least`. */
export const assertPeriod = (indicator: string, period: number, least = 1): void => {
  if (!Number.isInteger(period) || period < least)
    throw new RangeError(`${indicator}: period ${period} is not valid: expected a whole number of bars, at least ${least}`);
};

/** Throws `RangeError` unless all columns have the same length. */
export const assertSameLength = (indicator: string, ...columns: readonly Float64Array[]): void => {
  const lengths = columns.map((column) => column.length);
  if (new Set(lengths).size > 1) throw new RangeError(`${indicator}: columns have lengths ${lengths.join(', ')}: expected equal ones`);
};

/** An array of `length` NaN: an indicator's value before its warm-up. */
export const undefinedValues = (length: number): Float64Array => new Float64Array(length).fill(NaN);

/**
 * Sum of each window of `period` values, NaN before the first whole one. Summed afresh for every window:
 * a running sum would carry rounding (and a single NaN) for ever, and a flat series would not give a flat sum.
 */
export const rollingSum = (values: Float64Array, period: number): Float64Array => {
  assertPeriod('rolling sum', period);
  const sums = undefinedValues(values.length);
  for (let i = period - 1; i < values.length; i++) {
    let sum = 0;
    for (let j = i - period + 1; j <= i; j++) sum += values[j]!;
    sums[i] = sum;
  }
  return sums;
};

/** Pearson correlation of two columns over each window of `period` rows, in two passes; 0 where either is flat; first defined at `period - 1`. */
export const rollingCorrelation = (left: Float64Array, right: Float64Array, period: number): Float64Array => {
  assertPeriod('rolling correlation', period, 2);
  assertSameLength('rolling correlation', left, right);
  const leftMean = rollingSum(left, period).map((sum) => sum / period);
  const rightMean = rollingSum(right, period).map((sum) => sum / period);
  return leftMean.map((mean, i) => {
    let [product, leftSquare, rightSquare] = [0, 0, 0];
    for (let j = Math.max(0, i - period + 1); j <= i; j++) {
      const x = left[j]! - mean;
      const y = right[j]! - rightMean[i]!;
      product += x * y;
      leftSquare += x * x;
      rightSquare += y * y;
    }
    const scale = Math.sqrt(leftSquare * rightSquare);
    return scale === 0 ? 0 : product / scale;
  });
};

/** Largest value of each window of `period` bars; NaN before the first whole window. */
export const rollingMaximum = (values: Float64Array, period: number): Float64Array =>
  at(
    values,
    rollingExtremeIndex(values, period, (candidate, best) => candidate >= best),
  );

/** Smallest value of each window of `period` bars; NaN before the first whole window. */
export const rollingMinimum = (values: Float64Array, period: number): Float64Array =>
  at(
    values,
    rollingExtremeIndex(values, period, (candidate, best) => candidate <= best),
  );

/** Index of the extreme of each window, the newest of equals; -1 before the first whole window. A monotone queue: amortised O(1) a bar. */
export const rollingExtremeIndex = (
  values: Float64Array,
  period: number,
  replaces: (candidate: number, best: number) => boolean,
): Int32Array => {
  assertPeriod('rolling extreme', period);
  const found = new Int32Array(values.length).fill(-1);
  const queue = new Int32Array(values.length);
  let head = 0;
  let tail = 0;
  for (let i = 0; i < values.length; i++) {
    while (tail > head && replaces(values[i]!, values[queue[tail - 1]!]!)) tail--;
    queue[tail++] = i;
    if (queue[head]! <= i - period) head++;
    if (i >= period - 1) found[i] = queue[head]!;
  }
  return found;
};

const at = (values: Float64Array, indices: Int32Array): Float64Array =>
  Float64Array.from(indices, (index) => (index < 0 ? NaN : values[index]!));
