import type { LiveVersion } from '../training/run-steps.js';
import type { LastDecision, LearnerState } from './state.js';

/** What the registry knows of an instrument when its learner starts anew. */
export interface Recollection {
  /** Number of the newest run, so that ids are never used twice. */
  readonly cycle: number;
  readonly production: LiveVersion | null;
  readonly lastDecision: LastDecision | null;
  readonly lastTrainedAt: string | null;
}

/** Takes in what the registry knows. */
export const recallLearner = (state: LearnerState, { cycle, ...known }: Recollection): LearnerState => ({
  ...state,
  ...known,
  cycle: Math.max(state.cycle, cycle),
  recalled: true,
});
