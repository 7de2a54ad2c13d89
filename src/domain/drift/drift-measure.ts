/** How differently two samples are distributed: 0 for alike, more for less. Both hold finite numbers in ascending order, one at least. */
export type DriftMeasure = (reference: Float64Array, live: Float64Array) => number;

/**
 * Walks up through the values of two ascending samples: at each, what the distribution function of the first has over the second's, and how far it is
 * to the next value.
 */
export const walkGaps = (one: Float64Array, other: Float64Array, visit: (gap: number, width: number) => void): void => {
  let [below, otherBelow] = [0, 0];
  const next = (): number => Math.min(one[below] ?? Infinity, other[otherBelow] ?? Infinity);
  for (let value = next(); value < Infinity;) {
    while (one[below] === value) below++;
    while (other[otherBelow] === value) otherBelow++;
    const following = next();
    visit(below / one.length - otherBelow / other.length, following === Infinity ? 0 : following - value);
    value = following;
  }
};
