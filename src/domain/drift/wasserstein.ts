import { walkGaps, type DriftMeasure } from './drift-measure.js';

/** The area between the distribution functions, in the values' own unit: the Wasserstein-1 distance of one dimension. */
export const wasserstein: DriftMeasure = (reference, live) => {
  let area = 0;
  walkGaps(reference, live, (gap, width) => {
    area += Math.abs(gap) * width;
  });
  return area;
};
