/** Points of a curve thinned for a chart, as fractions of cash. */
export interface Curve {
  /** Sum of returns up to each point. */
  readonly equity: readonly number[];
  /** Deepest fall from the highest equity so far, within the bars that end at each point; zero or negative. */
  readonly drawdown: readonly number[];
}

const POINTS = 400;

/** Indices of the last bars of at most 400 runs of bars of nearly equal length. */
export const thinnedBars = (bars: number): number[] => {
  const points = Math.min(POINTS, bars);
  return Array.from({ length: points }, (_, point) => Math.floor(((point + 1) * bars) / points) - 1);
};

/** Equity and drawdown of returns that add up, at the bars of `thinnedBars`. */
export const curveOf = (returns: Float64Array, at: readonly number[]): Curve => {
  const equity: number[] = [];
  const drawdown: number[] = [];
  let [sum, peak, bar] = [0, 0, 0];
  for (const end of at) {
    let deepest = 0;
    for (; bar <= end; bar++) {
      sum += returns[bar] ?? 0;
      peak = Math.max(peak, sum);
      deepest = Math.min(deepest, sum - peak);
    }
    equity.push(sum);
    drawdown.push(deepest);
  }
  return { equity, drawdown };
};
