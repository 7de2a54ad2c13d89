import type { LearnerClient } from '../../client/learner-client.js';
import type { Progress } from '../../client/watch-progress.js';

/** Time for the folder watcher to report what is new, before a learner counts as having nothing to do. */
const REPORTING_MS = 10_000;

/**
 * With `--once`, a learner that knows an earlier decision and has nothing new is asked to train again, and one that waits after a failure to wait no
 * longer: otherwise a second start would wait for ever. Asks each instrument once.
 */
export const createAsking = (learners: LearnerClient, settleMs: number, now: () => number = Date.now) => {
  const idleSince = new Map<string, number>();
  const asked = new Set<string>();
  return async ({ learner }: Progress): Promise<void> => {
    const { instrument, phase, pendingFiles, lastOutcome, failure } = learner;
    const stuck =
      phase === 'backingOff' || (phase === 'idle' && pendingFiles === 0 && lastOutcome !== null) || (phase === 'idle' && failure !== null);
    if (!stuck || asked.has(instrument)) {
      idleSince.delete(instrument);
      return;
    }
    const since = idleSince.get(instrument) ?? now();
    idleSince.set(instrument, since);
    if (now() - since < settleMs + REPORTING_MS) return;
    asked.add(instrument);
    await learners.retrain(instrument, { reason: 'asked for by start --once' });
  };
};
