import type { BarRange } from '../market/bars.js';

/** One way to train on some sessions and to judge on others. Ranges are whole sessions, ascending and apart. */
export interface ValidationSplit {
  /** `s01`, in order. */
  readonly name: string;
  readonly training: readonly BarRange[];
  readonly test: readonly BarRange[];
  /** Which of the groups of sessions the test ranges are. */
  readonly tested: readonly number[];
}

/** Bars that must lie between what is trained on and what is judged on. */
export interface Gap {
  /** Before a test range: the purge. */
  readonly before: number;
  /** After one: the purge and the embargo. */
  readonly after: number;
}

/** All splits of a validation, and how the tests of several make up whole histories. */
export interface SplitPlan {
  readonly groups: readonly BarRange[];
  readonly splits: readonly ValidationSplit[];
  /** Paths through time: per path the parts that follow one another, each a group as tested by a split (an index into `splits`). */
  readonly paths: readonly (readonly PathPart[])[];
}

export interface PathPart {
  readonly group: number;
  readonly split: number;
}

/** The name of a split by its index. */
export const splitName = (index: number): string => `s${String(index + 1).padStart(2, '0')}`;

/**
 * Whole sessions of [`from`, `to`) that may be trained on when the test ranges are judged on: a session stays when no bar of it is within the gap of
 * any. Sessions that follow one another are one range. `starts` are the sessions' first bars with the end of the last.
 */
export const trainingRanges = (starts: ArrayLike<number>, { from, to }: BarRange, test: readonly BarRange[], gap: Gap): BarRange[] => {
  const ranges: { from: number; to: number }[] = [];
  for (let session = 0; session + 1 < starts.length; session++) {
    const [first, end] = [starts[session] ?? NaN, starts[session + 1] ?? NaN];
    if (first < from || end > to) continue;
    if (test.some((tested) => end + gap.before > tested.from && first < tested.to + gap.after)) continue;
    const last = ranges.at(-1);
    if (last?.to === first) last.to = end;
    else ranges.push({ from: first, to: end });
  }
  return ranges;
};

/** From the beginning of the first range to the end of the last. Throws `RangeError` for none. */
export const hullOf = (ranges: readonly BarRange[]): BarRange => {
  const [first, last] = [ranges.at(0), ranges.at(-1)];
  if (first === undefined || last === undefined) throw new RangeError('no ranges span nothing: expected at least one');
  return { from: first.from, to: last.to };
};

/** What lies between ranges that follow one another. */
export const gapsOf = (ranges: readonly BarRange[]): BarRange[] =>
  ranges.slice(1).map((range, i) => ({ from: ranges[i]?.to ?? NaN, to: range.from }));
