import { combinations } from './combinations.js';
import { sessionGroups, TooFewSessions } from './session-groups.js';
import { splitName, trainingRanges, type Gap, type PathPart, type SplitPlan } from './split.js';

export interface CombinatorialOptions {
  /** First bars of the sessions, with the end of the last. */
  readonly starts: ArrayLike<number>;
  /** N, the groups that all sessions are cut into, and k, how many of them each split is judged on. */
  readonly groups: number;
  readonly tested: number;
  readonly gap: Gap;
}

/**
 * Combinatorial purged cross-validation (López de Prado 2018, chapter 12): one split for each choice of k of N groups, trained on all other sessions
 * outside the gaps. Each group is judged in C(N-1, k-1) splits, so the tests make up k·C(N, k)/N paths through the whole of time. Throws
 * `TooFewSessions`, and `RangeError` unless 0 < k < N.
 */
export const combinatorialPurged = ({ starts, groups: count, tested: size, gap }: CombinatorialOptions): SplitPlan => {
  if (!(size > 0 && size < count)) throw new RangeError(`${size} of ${count} groups cannot be judged on: expected fewer, and at least one`);
  const sessions = starts.length - 1;
  const groups = sessionGroups(starts, 0, sessions, count);
  const all = { from: starts[0] ?? 0, to: starts[sessions] ?? 0 };
  const splits = combinations(count, size).map((tested, index) => {
    const test = tested.flatMap((group) => groups[group] ?? []);
    const training = trainingRanges(starts, all, test, gap);
    if (training.length === 0)
      throw new TooFewSessions(
        `groups ${tested.map((group) => group + 1).join(' and ')} of ${count} leave no session to train on, ${gap.before} bars before them and ${gap.after} after: export more, or ask for fewer groups`,
      );
    return { name: splitName(index), training, test, tested };
  });
  return { groups, splits, paths: pathsThrough(count, splits) };
};

/** Path p takes each group from the p-th split that judges it. */
const pathsThrough = (groups: number, splits: readonly { readonly tested: readonly number[] }[]): PathPart[][] => {
  const judging = Array.from({ length: groups }, (_, group) =>
    splits.flatMap(({ tested }, split) => (tested.includes(group) ? [{ group, split }] : [])),
  );
  return (judging[0] ?? []).map((_, path) => judging.flatMap((parts) => parts[path] ?? []));
};
