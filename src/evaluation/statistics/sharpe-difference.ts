/** First and second moments (about zero) of two paired series, scaled so that each has variance 1 over the whole sample. */
export interface PairedMoments {
  meanX: number;
  meanY: number;
  squareX: number;
  squareY: number;
}

/** A Sharpe difference with its derivatives by the four moments: what the delta method needs. */
export interface DifferenceWithGradient {
  difference: number;
  byMeanX: number;
  byMeanY: number;
  bySquareX: number;
  bySquareY: number;
}

/** Variance, in units of the whole sample's, below which a series counts as being all zeros: far above rounding in sums of blocks. */
const NO_VARIANCE = 1e-9;

/**
 * Writes the difference of the population Sharpe ratios and its gradient (Ledoit & Wolf 2008, section 3). A series without variance has Sharpe 0
 * and does not move: it is one that stays in cash.
 */
export const differenceWithGradient = ({ meanX, meanY, squareX, squareY }: PairedMoments, out: DifferenceWithGradient): void => {
  const varianceX = squareX - meanX * meanX;
  const varianceY = squareY - meanY * meanY;
  const movesX = varianceX > NO_VARIANCE;
  const movesY = varianceY > NO_VARIANCE;
  const unitX = movesX ? 1 / Math.sqrt(varianceX) : 0;
  const unitY = movesY ? 1 / Math.sqrt(varianceY) : 0;
  out.difference = meanX * unitX - meanY * unitY;
  out.byMeanX = squareX * unitX ** 3;
  out.byMeanY = -squareY * unitY ** 3;
  out.bySquareX = -0.5 * meanX * unitX ** 3;
  out.bySquareY = 0.5 * meanY * unitY ** 3;
};
