import type { Change } from './stream-detector.js';

/** Values on each side of a cut, at least. */
const FEWEST = 5;

/**
 * ADWIN (Bifet and Gavaldà 2007): the stream is cut where the means before and after differ by more than chance allows. The evidence is −ln δ for the
 * smallest δ with which their bound, with the variance and by the normal approximation, would make the cut; so a detector set to δ has found a change
 * where the evidence is above −ln δ. All cuts are weighed, not those at powers of two alone.
 */
export const adaptiveWindow = (values: Float64Array): Change => {
  const { length } = values;
  let total = 0;
  let squares = 0;
  for (const value of values) {
    total += value;
    squares += value * value;
  }
  const variance = Math.max(0, squares / length - (total / length) ** 2);
  const tests = Math.log(2 * Math.log(length));
  let change: Change = { evidence: 0, since: length };
  let head = 0;
  for (let cut = 1; cut <= length - FEWEST; cut++) {
    head += values[cut - 1] ?? NaN;
    if (cut < FEWEST) continue;
    const distance = Math.abs(head / cut - (total - head) / (length - cut));
    const inverse = 1 / cut + 1 / (length - cut);
    // distance = √(2 · inverse · variance · bits) + 2/3 · inverse · bits, solved for bits.
    const [spread, range] = [Math.sqrt(2 * inverse * variance), (2 / 3) * inverse];
    const bits = ((Math.sqrt(spread * spread + 4 * range * distance) - spread) / (2 * range)) ** 2;
    if (bits - tests > change.evidence) change = { evidence: bits - tests, since: cut };
  }
  return change;
};
