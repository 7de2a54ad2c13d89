import { trainingRunId } from '../ids.js';
import type { LiveVersion } from '../training/run-steps.js';
import { nextStep, wantedNow, type LearnerStep } from './next-step.js';
import { pendingFiles, type FailedTraining, type LastDecision, type LearnerState, type RunOutcome } from './state.js';

export type LearnerPhase = LearnerStep['kind'] | 'starting' | 'training' | 'stopping';

/** Answer of the learner's `status` query. */
export interface LearnerStatus {
  readonly instrument: string;
  readonly bucket: string;
  readonly phase: LearnerPhase;
  readonly cycle: number;
  readonly pendingFiles: number;
  readonly experiences: LearnerState['experiences'];
  /** Distinct triggers that wait: 1 when a training is queued behind the running one. */
  readonly queued: number;
  readonly lastArrivalAt: string | null;
  /** When waiting ends by itself. */
  readonly until: string | null;
  readonly whyNotYet: string | null;
  readonly runningTraining: string | null;
  readonly production: LiveVersion | null;
  readonly lastDecision: LastDecision | null;
  readonly lastOutcome: RunOutcome | null;
  readonly lastTrainedAt: string | null;
  readonly failure: FailedTraining | null;
  readonly malformed: LearnerState['malformed'];
  readonly settings: LearnerState['settings'];
  /** Those of them that were changed by hand, whatever the configuration says. */
  readonly settingsByHand: LearnerState['byHand'];
}

export const learnerPhase = (state: LearnerState, nowMs: number): LearnerPhase => {
  if (!state.recalled) return state.paused === null ? 'starting' : 'paused';
  if (state.running !== null) return state.running.stopping ? 'stopping' : 'training';
  return nextStep(state, nowMs).kind;
};

/** What a learner is doing and what it waits for. */
export const learnerStatus = (state: LearnerState, nowMs: number): LearnerStatus => {
  const step = nextStep(state, nowMs);
  const pending = pendingFiles(state);
  return {
    instrument: state.instrument,
    bucket: state.bucket,
    phase: learnerPhase(state, nowMs),
    cycle: state.cycle,
    pendingFiles: pending,
    experiences: state.experiences,
    queued: state.running !== null && (pending > 0 || wantedNow(state).length > 0) ? 1 : 0,
    lastArrivalAt: isoOrNull(state.window?.lastMs ?? null),
    until: state.running === null ? isoOrNull(step.untilMs) : null,
    whyNotYet: whyNotYet(state, step),
    runningTraining: state.running?.runId ?? null,
    production: state.production,
    lastDecision: state.lastDecision,
    lastOutcome: state.lastOutcome,
    lastTrainedAt: state.lastTrainedAt,
    failure: state.failure,
    malformed: state.malformed,
    settings: state.settings,
    settingsByHand: state.byHand,
  };
};

/** The run that waiting triggers go into. */
export const nextRunId = (state: LearnerState): string => trainingRunId(state.instrument, state.cycle + 1);

const whyNotYet = (state: LearnerState, step: LearnerStep): string | null => {
  if (state.running !== null) return `${state.running.runId} is running and is never interrupted`;
  return step.kind === 'train' ? null : step.why;
};

const isoOrNull = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
