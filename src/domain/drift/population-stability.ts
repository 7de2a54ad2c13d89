/** A bin that one sample lacks counts as so large, that its logarithm is one. */
const LEAST_SHARE = 1e-6;

/** Population stability index over quantile bins of the reference: sum of (live − reference) × ln(live ÷ reference) of the bins' shares. */
export const populationStability = (reference: Float64Array, live: Float64Array, bins = 10): number => {
  const edges = Array.from({ length: bins - 1 }, (_, edge) => quantile(reference, (edge + 1) / bins));
  const shares = [reference, live].map((sample) => sharesBetween(sample, edges));
  const [expected = [], actual = []] = shares;
  return expected.reduce((sum, share, bin) => {
    const found = actual[bin] ?? LEAST_SHARE;
    return sum + (found - share) * Math.log(found / share);
  }, 0);
};

/** Between the two values around it, in proportion. */
const quantile = (ascending: Float64Array, share: number): number => {
  const at = share * (ascending.length - 1);
  const below = Math.floor(at);
  const [low = 0, high = low] = [ascending[below], ascending[below + 1]];
  return low + (at - below) * (high - low);
};

const sharesBetween = (ascending: Float64Array, edges: readonly number[]): number[] => {
  const counts = [...edges.map((edge) => countUpTo(ascending, edge)), ascending.length];
  return counts.map((count, bin) => Math.max(LEAST_SHARE, (count - (counts[bin - 1] ?? 0)) / ascending.length));
};

/** Values up to an edge, by halving. */
const countUpTo = (ascending: Float64Array, edge: number): number => {
  let [from, to] = [0, ascending.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((ascending[middle] ?? Infinity) <= edge) from = middle + 1;
    else to = middle;
  }
  return from;
};
