/** How often values fall into steps of equal width; a value on an edge belongs to the step above it, the largest to the last. */
export interface Histogram {
  /** One more than there are counts. */
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  readonly mean: number;
  /** Share of the values above zero. */
  readonly positive: number;
}

const FEWEST = 5;
const MOST = 31;

/** A histogram with as many steps as the square root of the values, so that zero is an edge where values lie on both sides of it. */
export const histogramOf = (values: Float64Array): Histogram => {
  const smallest = values.reduce((low, value) => Math.min(low, value), Infinity);
  const largest = values.reduce((high, value) => Math.max(high, value), -Infinity);
  const count = values.length;
  const mean = count === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / count;
  const positive = count === 0 ? 0 : values.reduce((above, value) => above + (value > 0 ? 1 : 0), 0) / count;
  if (!(largest > smallest)) return { edges: [], counts: [], mean, positive };
  const wanted = Math.max(FEWEST, Math.min(MOST, Math.ceil(Math.sqrt(count))));
  const width = (largest - smallest) / wanted;
  const first = Math.floor(smallest / width);
  const steps = Math.max(1, Math.ceil(largest / width) - first);
  const counts = Array.from({ length: steps }, () => 0);
  for (const value of values) {
    const step = Math.min(steps - 1, Math.max(0, Math.floor(value / width) - first));
    counts[step] = (counts[step] ?? 0) + 1;
  }
  return { edges: Array.from({ length: steps + 1 }, (_, edge) => (first + edge) * width), counts, mean, positive };
};
