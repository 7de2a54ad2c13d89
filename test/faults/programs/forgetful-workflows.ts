import { learner as remembering } from '../../../src/workflows/learner.js';
import type { LearnerInput } from '../../../src/domain/learner/state.js';

export { trainingRun } from '../../../src/workflows/training-run.js';

/** A learner that carries no marks of messages across continue-as-new: what the mark's absence does must show. */
export async function learner(input: LearnerInput): Promise<void> {
  await remembering({ ...input, marks: '' });
}
