/** How often a horizon, in bars, is drawn: weights of any total. */
export interface HorizonWeight {
  readonly horizon: number;
  readonly weight: number;
}

/**
 * The horizons that a target starts with: `share` of the source's effective ones, as far as they lie in the target's range (a horizon in bars of one
 * frequency means the same to both), and the rest log-uniform over that range. Weights sum to 1. Throws `RangeError` for a range that is none.
 */
export const startingHorizons = (
  effective: readonly HorizonWeight[],
  { shortest, longest }: { readonly shortest: number; readonly longest: number },
  share: number,
): HorizonWeight[] => {
  if (!(Number.isInteger(shortest) && Number.isInteger(longest) && shortest >= 1 && longest >= shortest))
    throw new RangeError(`horizons from ${shortest} to ${longest} bars are not valid: expected whole bars, the longest last`);
  const usable = effective.filter(({ horizon, weight }) => horizon >= shortest && horizon <= longest && weight > 0);
  const total = usable.reduce((sum, { weight }) => sum + weight, 0);
  const kept = total > 0 ? share : 0;
  const span = Math.log((longest + 1) / shortest);
  const weights = new Map<number, number>();
  for (let horizon = shortest; horizon <= longest; horizon++) weights.set(horizon, ((1 - kept) * Math.log((horizon + 1) / horizon)) / span);
  for (const { horizon, weight } of usable) {
    const bar = Math.round(horizon);
    weights.set(bar, (weights.get(bar) ?? 0) + (kept * weight) / total);
  }
  return [...weights].map(([horizon, weight]) => ({ horizon, weight }));
};

/** The horizon at `quantile`, in [0, 1), of weights in the order of their horizons. Throws `RangeError` without any. */
export const horizonOf = (weights: readonly HorizonWeight[], quantile: number): number => {
  let left = quantile * weights.reduce((sum, { weight }) => sum + weight, 0);
  for (const { horizon, weight } of weights) {
    if (left < weight) return horizon;
    left -= weight;
  }
  const last = weights.at(-1);
  if (last === undefined) throw new RangeError('no horizon can be drawn from no weights');
  return last.horizon;
};

/** Effective horizons by what each earned in validation: weight in proportion to how far it is above the worst, equal where all are alike. */
export const effectiveHorizons = (scores: readonly { readonly horizon: number; readonly score: number }[]): HorizonWeight[] => {
  const worst = Math.min(...scores.map(({ score }) => score));
  const total = scores.reduce((sum, { score }) => sum + score - worst, 0);
  return scores.map(({ horizon, score }) => ({ horizon, weight: total > 0 ? (score - worst) / total : 1 / scores.length }));
};
