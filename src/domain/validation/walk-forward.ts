import { sessionGroups, TooFewSessions } from './session-groups.js';
import { splitName, trainingRanges, type Gap, type SplitPlan } from './split.js';

export interface WalkForwardOptions {
  /** First bars of the sessions, with the end of the last. */
  readonly starts: ArrayLike<number>;
  /** Test ranges, one after the other, out of the newer half of the sessions. */
  readonly folds: number;
  /** `expanding` trains on all before a test range, `rolling` on as many sessions as the first fold has. */
  readonly window: 'rolling' | 'expanding';
  readonly gap: Gap;
}

/** Walk-forward validation: each fold is trained on what came before it and judged on what came next; the folds make up one path. Throws `TooFewSessions`. */
export const walkForward = ({ starts, folds, window, gap }: WalkForwardOptions): SplitPlan => {
  const sessions = starts.length - 1;
  const first = Math.floor(sessions / 2);
  const groups = sessionGroups(starts, first, sessions, folds);
  const splits = groups.map((test, fold) => {
    const skipped = window === 'expanding' ? 0 : Math.floor((fold * (sessions - first)) / folds);
    const training = trainingRanges(starts, { from: starts[skipped] ?? 0, to: test.from }, [test], gap);
    if (training.length === 0)
      throw new TooFewSessions(
        `no session lies ${gap.before} bars before fold ${fold + 1} of ${folds}, which begins at bar ${test.from}: export more, or ask for a shorter look-back`,
      );
    return { name: splitName(fold), training, test: [test], tested: [fold] };
  });
  return { groups, splits, paths: [groups.map((_, fold) => ({ group: fold, split: fold }))] };
};
