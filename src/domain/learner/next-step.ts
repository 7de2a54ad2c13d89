import type { TriggerFacts, TriggerName } from '../triggers/trigger.js';
import { wantedBy, type Wanted } from '../triggers/triggers.js';
import { blackoutAt, isPlanned } from './blackout.js';
import { moveOpen } from './ledger.js';
import { SPACED, spacedUntilMs } from './outcome-now.js';
import { pendingFiles, stamp, type FailedTraining, type LearnerState } from './state.js';

/** What a learner does now. `untilMs` is when the answer changes by itself, null when only a message changes it. */
export interface LearnerStep {
  readonly kind: 'train' | 'paused' | 'idle' | 'backingOff' | 'debouncing' | 'spacing' | 'planning' | 'blackedOut';
  readonly untilMs: number | null;
  /** Why nothing is trained yet, for a person. */
  readonly why: string;
}

/** Decides from the state and the server's time. Nothing starts while paused; else a person's request goes first, and nothing starts in a blackout. */
export const nextStep = (state: LearnerState, nowMs: number): LearnerStep => {
  const { paused, request, blackouts, settings } = state;
  if (paused !== null) return { kind: 'paused', untilMs: null, why: `paused: ${paused.reason}` };
  const step = stepOutsideBlackouts(state, nowMs);
  if (step.kind !== 'train' || request?.now === true) return step;
  if (!isPlanned(blackouts, settings.blackout, nowMs)) return { kind: 'planning', untilMs: null, why: 'works out the next blackouts' };
  const blackout = blackoutAt(blackouts, settings.blackout, nowMs);
  return blackout === null ? step : { kind: 'blackedOut', untilMs: blackout.toMs, why: `blackout (${step.why})` };
};

/** Whether waiting for one step ends by itself before waiting for another does. */
export const isSooner = (one: LearnerStep, other: LearnerStep): boolean =>
  one.untilMs !== null && (other.untilMs === null || one.untilMs < other.untilMs);

/** What is open says so where it waits for the end of a blackout, or for the distance from the training before. */
export const deferOpen = (state: LearnerState, { kind, untilMs }: LearnerStep): LearnerState => {
  const because = waitsFor[kind];
  if (because === undefined || untilMs === null) return state;
  return { ...state, ledger: moveOpen(state.ledger, { kind: 'deferred', until: stamp(untilMs), because }) };
};

const waitsFor: Readonly<Partial<Record<LearnerStep['kind'], string>>> = { blackedOut: 'blackout', spacing: SPACED };

/** All that triggers decide from. Files of a failed training are no news. */
export const factsOf = (state: LearnerState): TriggerFacts => ({
  request: state.request,
  window: hasNewerData(state) ? state.window : null,
  files: pendingFiles(state),
  experiences: state.experiences,
  notices: state.notices,
  measured: state.measured,
  trainedMs: trainedMs(state),
});

const trainedMs = ({ lastTrainedAt, lastStartMs }: LearnerState): number | null => {
  const moments = [...(lastTrainedAt === null ? [] : [Date.parse(lastTrainedAt)]), ...(lastStartMs === null ? [] : [lastStartMs])];
  return moments.length === 0 ? null : Math.max(...moments);
};

/** The triggers that want a training, the soonest first. */
export const wantedNow = (state: LearnerState): readonly Wanted[] => wantedBy(factsOf(state), state.settings, spacedUntilMs(state));

/** Whether data came in since the newest failure, whose own files are waiting, too. */
export const hasNewerData = ({ failure, window }: Pick<LearnerState, 'failure' | 'window'>): boolean =>
  window !== null && (failure === null || window.lastMs > Date.parse(failure.at));

const stepOutsideBlackouts = (state: LearnerState, nowMs: number): LearnerStep => {
  const { request, settings, failure } = state;
  if (request !== null) return { kind: 'train', untilMs: null, why: `asked for: ${request.reason}` };
  if (failure !== null && failure.retryAtMs !== null) return afterFailure(failure, failure.retryAtMs, nowMs);
  if (!settings.enabled) return { kind: 'idle', untilMs: null, why: 'auto-retrain is off' };
  const [soonest] = wantedNow(state);
  const files = pendingFiles(state);
  if (soonest === undefined)
    return failure !== null && !hasNewerData(state)
      ? { kind: 'idle', untilMs: null, why: `${failure.runId} failed: ${failure.message}; ${failure.advice}` }
      : { kind: 'idle', untilMs: null, why: `${files} of ${settings.minFiles} new files` };
  return soonest.dueMs <= nowMs ? { kind: 'train', untilMs: null, why: whyOf(soonest, files) } : waitFor(soonest, files);
};

const afterFailure = ({ runId, type, attempts }: FailedTraining, retryAtMs: number, nowMs: number): LearnerStep =>
  nowMs >= retryAtMs
    ? { kind: 'train', untilMs: null, why: `again after ${runId}` }
    : { kind: 'backingOff', untilMs: retryAtMs, why: `${runId} failed (${type}), attempt ${attempts}` };

const waitFor = (wanted: Wanted, files: number): LearnerStep => {
  const { trigger, dueMs: untilMs } = wanted;
  if (wanted.spaced) return { kind: 'spacing', untilMs, why: `${SPACED}; then: ${wanted.reason}` };
  return { kind: waiting[trigger] ?? 'idle', untilMs, why: trigger === 'newData' ? `quiet window (${files} files)` : wanted.reason };
};

/** What waiting for a trigger's own time is called. */
const waiting: Readonly<Partial<Record<TriggerName, LearnerStep['kind']>>> = { newData: 'debouncing' };

const whyOf = ({ trigger, reason }: Wanted, files: number): string => (trigger === 'newData' ? `${files} new files` : reason);
