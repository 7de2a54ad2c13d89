import { setTimeout as wait } from 'node:timers/promises';
import { LearnerMissing, NoAnswer } from '../../client/errors.js';
import type { LearnerClient } from '../../client/learner-client.js';
import { lookAt, type Progress, type TrainingEnd } from '../../client/watch-progress.js';
import type { TrainingProgress } from '../../domain/training/training-run.js';

/** A training that ended while it was followed. */
export interface FollowedEnd extends TrainingEnd {
  readonly instrument: string;
  /** With the gate's rules; null when the run cannot be asked any more. */
  readonly run: TrainingProgress | null;
}

export interface FollowOptions {
  readonly learners: LearnerClient;
  /** Instruments to look at; asked now and then, as learners come into being. */
  readonly instruments: () => Promise<readonly string[]>;
  /** Endings before this time (epoch ms) are history. */
  readonly since: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => Promise<void>;
  /** Called once for each training that ends; true says that this is enough. */
  readonly onEnd: (end: FollowedEnd) => Promise<boolean>;
  /** Called when learners that had answered stop doing so for a while, and when they do again. */
  readonly onSilence: (isSilent: boolean) => void;
  readonly everyMs?: number;
}

const ASK_FOR_INSTRUMENTS_EVERY = 10;
const MISSED_LOOKS = 3;

/** Follows all trainings until `onEnd` has enough or the signal aborts. */
export const followTrainings = async (options: FollowOptions): Promise<void> => {
  const { learners, since, signal, onProgress, onEnd, onSilence, everyMs = 1_000 } = options;
  const told = new Map<string, string>();
  const hear = listenForSilence(onSilence);
  let instruments: readonly string[] = [];
  for (let round = 0; !signal.aborted; round++) {
    if (round % ASK_FOR_INSTRUMENTS_EVERY === 0) instruments = (await answerOrNull(options.instruments())) ?? instruments;
    for (const instrument of instruments) {
      const progress = await lookAt(learners, instrument);
      hear(progress !== null);
      if (progress === null) continue;
      const { lastOutcome: outcome, lastDecision } = progress.learner;
      const isNews = outcome !== null && Date.parse(outcome.at) >= since && told.get(instrument) !== outcome.runId;
      if (!isNews) {
        await onProgress(progress);
        continue;
      }
      told.set(instrument, outcome.runId);
      const decision = lastDecision?.runId === outcome.runId ? lastDecision : null;
      const run = await answerOrNull(learners.progress(instrument, outcome.runId));
      if (await onEnd({ instrument, outcome, decision, run })) return;
    }
    await wait(everyMs, undefined, { signal }).catch(() => undefined);
  }
};

/** Tells of silence after the third look in a row without an answer; before the first answer there is nobody to miss. */
const listenForSilence = (onSilence: FollowOptions['onSilence']): ((answered: boolean) => void) => {
  let missed: number | null = null;
  return (answered) => {
    if (answered && missed !== null && missed >= MISSED_LOOKS) onSilence(false);
    missed = answered ? 0 : missed === null ? null : missed + 1;
    if (missed === MISSED_LOOKS) onSilence(true);
  };
};

const answerOrNull = async <T>(answer: Promise<T>): Promise<T | null> => {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof NoAnswer || error instanceof LearnerMissing) return null;
    throw error;
  }
};
