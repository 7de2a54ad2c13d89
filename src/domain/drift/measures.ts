import type { DriftMeasure } from './drift-measure.js';
import { kolmogorovSmirnov } from './kolmogorov-smirnov.js';
import { populationStability } from './population-stability.js';
import { wasserstein } from './wasserstein.js';

/** Every measure of drift by its name in reasons. To add one: a file and a line here. */
export const driftMeasures = {
  'Kolmogorov-Smirnov': kolmogorovSmirnov,
  'population stability': (reference, live) => populationStability(reference, live),
  Wasserstein: wasserstein,
} as const satisfies Readonly<Record<string, DriftMeasure>>;
