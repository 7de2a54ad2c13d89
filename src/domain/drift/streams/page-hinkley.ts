import type { Change } from './stream-detector.js';

/** Change of the mean that is let pass, in the values' unit. */
const TOLERANCE = 0.005;
/** What is left of the sums with each value. */
const MEMORY = 0.9999;

/**
 * Page-Hinkley (Page 1954), upwards and downwards: how far the sum of deviations from the running mean has come up from its lowest point, or down from
 * its highest. A detector with the threshold λ has found a change where the evidence is above λ.
 */
export const pageHinkley = (values: Float64Array): Change => {
  let [mean, up, down, lowest, highest, sinceLowest, sinceHighest] = [0, 0, 0, Infinity, -Infinity, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? NaN;
    mean += (value - mean) / (i + 1);
    up = MEMORY * up + value - mean - TOLERANCE;
    down = MEMORY * down + value - mean + TOLERANCE;
    if (up < lowest) [lowest, sinceLowest] = [up, i + 1];
    if (down > highest) [highest, sinceHighest] = [down, i + 1];
  }
  if (values.length === 0) return { evidence: 0, since: 0 };
  const [rise, fall] = [up - lowest, highest - down];
  return rise >= fall ? { evidence: rise, since: sinceLowest } : { evidence: fall, since: sinceHighest };
};
