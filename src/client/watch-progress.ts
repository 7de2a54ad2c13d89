import { setTimeout as delay } from 'node:timers/promises';
import type { LearnerStatus } from '../domain/learner/status.js';
import type { LastDecision, RunOutcome } from '../domain/learner/state.js';
import type { TrainingProgress } from '../domain/training/training-run.js';
import { LearnerMissing, NoAnswer } from './errors.js';
import type { LearnerClient } from './learner-client.js';
import type { RunActivity } from './run-activity.js';

/** One look at a learner, with the training that runs. */
export interface Progress {
  readonly learner: LearnerStatus;
  readonly training: TrainingProgress | null;
  /** What the training does at this moment. */
  readonly activity: RunActivity | null;
}

export interface WatchOptions {
  /** Time between two looks; each is a query, which a worker answers. */
  readonly everyMs?: number;
  readonly signal?: AbortSignal;
}

/** How a training ended, with the gate's decision when there was one. */
export interface TrainingEnd {
  readonly outcome: RunOutcome;
  readonly decision: LastDecision | null;
}

/** Tells the listener about a learner until it returns true or the signal says stop. A look that gets no answer is left out. */
export const onProgress = async (
  learners: LearnerClient,
  instrument: string,
  listener: (progress: Progress) => boolean | undefined,
  { everyMs = 1_000, signal }: WatchOptions = {},
): Promise<void> => {
  for (;;) {
    signal?.throwIfAborted();
    const progress = await lookAt(learners, instrument);
    if (progress !== null && listener(progress) === true) return;
    await delay(everyMs, undefined, signal === undefined ? {} : { signal });
  }
};

/** Waits for the end of a training after the run `after` (null for the first one), whatever the end is. */
export const waitForTraining = async (
  learners: LearnerClient,
  instrument: string,
  after: string | null,
  options: WatchOptions = {},
): Promise<TrainingEnd> => {
  const ends: TrainingEnd[] = [];
  await onProgress(
    learners,
    instrument,
    ({ learner: { lastOutcome, lastDecision } }) => {
      if (lastOutcome === null || (after !== null && lastOutcome.runId <= after)) return false;
      ends.push({ outcome: lastOutcome, decision: lastDecision?.runId === lastOutcome.runId ? lastDecision : null });
      return true;
    },
    options,
  );
  const [end] = ends;
  if (end === undefined) throw new Error(`watching ${instrument} ended without an end of its training`);
  return end;
};

/** One look at a learner and its training; null when there is none yet, or nobody answers. */
export const lookAt = async (learners: LearnerClient, instrument: string): Promise<Progress | null> => {
  try {
    const learner = await learners.status(instrument);
    const run = learner.runningTraining === null ? null : await lookAtRun(learners, instrument, learner.runningTraining);
    return { learner, training: run?.training ?? null, activity: run?.activity ?? null };
  } catch (error) {
    if (error instanceof NoAnswer || error instanceof LearnerMissing) return null;
    throw error;
  }
};

/** Null while the run is being started. */
const lookAtRun = async (learners: LearnerClient, instrument: string, runId: string): Promise<Omit<Progress, 'learner'> | null> => {
  try {
    const training = await learners.progress(instrument, runId);
    return { training, activity: await learners.activity(instrument, training?.runId ?? runId) };
  } catch (error) {
    if (error instanceof LearnerMissing) return null;
    throw error;
  }
};
