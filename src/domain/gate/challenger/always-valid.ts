/** How fast the bounds settle: the mixture's variance, in units of the difference's own, times the bars of the first look. */
const MIXTURE = 3;

export interface Look {
  readonly standardError: number;
  /** Bars at this look, and at the first, before which nothing was known. */
  readonly bars: number;
  readonly firstBars: number;
  /** Of all looks together, above 0.5. */
  readonly confidence: number;
}

/**
 * How far an estimated difference may be from the true one at a look, so that with probability `confidence` it is nowhere farther at any look, however
 * many there are and whenever one stops: the mixture sequential probability ratio test (Robbins 1970; Johari et al. 2017), inverted. For normal
 * means; for others as the bars grow. Two-sided, so that one side alone is right still more often.
 */
export const alwaysValidMargin = ({ standardError, bars, firstBars, confidence }: Look): number => {
  const growth = 1 + (MIXTURE * bars) / firstBars;
  return standardError * Math.sqrt(((2 * growth) / (growth - 1)) * Math.log(Math.sqrt(growth) / (1 - confidence)));
};
