import type { BarRange } from '../market/bars.js';

/** There are not enough sessions to validate on. */
export class TooFewSessions extends Error {
  override readonly name = 'TooFewSessions';
}

/**
 * Cuts sessions `first` to `end` into `count` groups that follow one another, as equal in number as they can be (the later ones take what is left
 * over). `starts` are the sessions' first bars with the end of the last. Throws `TooFewSessions` when a group would be empty.
 */
export const sessionGroups = (starts: ArrayLike<number>, first: number, end: number, count: number): BarRange[] => {
  if (end - first < count)
    throw new TooFewSessions(`${end - first} sessions cannot be cut into ${count} groups: export more, or ask for fewer groups`);
  const at = (group: number): number => starts[first + Math.floor((group * (end - first)) / count)] ?? NaN;
  return Array.from({ length: count }, (_, group) => ({ from: at(group), to: at(group + 1) }));
};
