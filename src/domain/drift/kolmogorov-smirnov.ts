import { walkGaps, type DriftMeasure } from './drift-measure.js';

/** The largest distance between the distribution functions, 0 to 1 (Kolmogorov 1933, Smirnov 1939). */
export const kolmogorovSmirnov: DriftMeasure = (reference, live) => {
  let largest = 0;
  walkGaps(reference, live, (gap) => {
    largest = Math.max(largest, Math.abs(gap));
  });
  return largest;
};
