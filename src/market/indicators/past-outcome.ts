/** Bars that are compared, how far ahead their outcome lies, and how many of the nearest count. */
export interface PastOutcomeOptions {
  readonly window: number;
  readonly horizon: number;
  readonly nearest: number;
}

/**
 * What followed the past bars that were most like each bar: the mean `outcome` of the `nearest` of them by squared distance over all columns. `outcome[i]` is
 * what had become, by bar i, of the situation `horizon` bars before. For bar t the bars t - horizon - window + 1 to t - horizon take part, whose outcomes
 * are known at t; of equally near ones the older. NaN until all of them, in every column, are finite. k-nearest-neighbour regression: Stone 1977.
 */
export const pastOutcome = (
  columns: readonly Float64Array[],
  outcome: Float64Array,
  { window, horizon, nearest }: PastOutcomeOptions,
): Float64Array => {
  const rows = outcome.length;
  const width = columns.length;
  const points = new Float64Array(rows * width);
  for (const [column, values] of columns.entries()) for (let row = 0; row < rows; row++) points[row * width + column] = values[row]!;
  const first = Math.max(outcome.findIndex(Number.isFinite) - horizon, ...columns.map((values) => values.findIndex(Number.isFinite)));
  const result = new Float64Array(rows).fill(NaN);
  const distances = new Float64Array(nearest);
  const outcomes = new Float64Array(nearest);
  for (let bar = first + window - 1 + horizon; bar < rows; bar++) {
    distances.fill(Infinity);
    for (let past = bar - horizon - window + 1; past <= bar - horizon; past++) {
      let distance = 0;
      for (let column = 0; column < width; column++) distance += (points[past * width + column]! - points[bar * width + column]!) ** 2;
      if (distance >= distances[nearest - 1]!) continue;
      let place = nearest - 1;
      for (; place > 0 && distances[place - 1]! > distance; place--) {
        distances[place] = distances[place - 1]!;
        outcomes[place] = outcomes[place - 1]!;
      }
      distances[place] = distance;
      outcomes[place] = outcome[past + horizon]!;
    }
    let sum = 0;
    for (let place = 0; place < nearest; place++) sum += outcomes[place]!;
    result[bar] = sum / nearest;
  }
  return result;
};
