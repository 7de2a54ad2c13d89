import { pendingFiles, type FailedTraining, type LearnerState } from './state.js';

/** What a learner does now. `untilMs` is when the answer changes by itself, null when only a message changes it. */
export interface LearnerStep {
  readonly kind: 'train' | 'paused' | 'idle' | 'backingOff' | 'debouncing';
  readonly untilMs: number | null;
  /** Why nothing is trained yet, for a person. */
  readonly why: string;
}

/** When a burst of files counts as settled: `quietMs` after the last, at the latest `maxWaitMs` after the first. */
export const settledAtMs = (
  window: { readonly firstMs: number; readonly lastMs: number },
  { quietMs, maxWaitMs }: { readonly quietMs: number; readonly maxWaitMs: number },
): number => Math.min(window.lastMs + quietMs, window.firstMs + maxWaitMs);

/** Decides from the state and the server's time. Nothing starts while paused; else a person's request is acted on at once, and the rest waits its turn. */
export const nextStep = (state: LearnerState, nowMs: number): LearnerStep => {
  const { request, paused, settings, failure, window } = state;
  if (paused !== null) return { kind: 'paused', untilMs: null, why: `paused: ${paused.reason}` };
  if (request !== null) return { kind: 'train', untilMs: null, why: `asked for: ${request.reason}` };
  if (failure !== null && failure.retryAtMs !== null) return afterFailure(failure, failure.retryAtMs, nowMs);
  if (!settings.enabled) return { kind: 'idle', untilMs: null, why: 'auto-retrain is off' };
  if (failure !== null && !hasNewerData(state))
    return { kind: 'idle', untilMs: null, why: `${failure.runId} failed: ${failure.message}; ${failure.advice}` };
  const files = pendingFiles(state);
  if (window === null || files < settings.minFiles)
    return { kind: 'idle', untilMs: null, why: `${files} of ${settings.minFiles} new files` };
  return afterQuiet(files, settledAtMs(window, settings), nowMs);
};

/** Whether data came in since the newest failure, whose own files are waiting, too. */
export const hasNewerData = ({ failure, window }: Pick<LearnerState, 'failure' | 'window'>): boolean =>
  window !== null && (failure === null || window.lastMs > Date.parse(failure.at));

const afterFailure = ({ runId, type, attempts }: FailedTraining, retryAtMs: number, nowMs: number): LearnerStep =>
  nowMs >= retryAtMs
    ? { kind: 'train', untilMs: null, why: `again after ${runId}` }
    : { kind: 'backingOff', untilMs: retryAtMs, why: `${runId} failed (${type}), attempt ${attempts}` };

const afterQuiet = (files: number, untilMs: number, nowMs: number): LearnerStep =>
  nowMs >= untilMs
    ? { kind: 'train', untilMs: null, why: `${files} new files` }
    : { kind: 'debouncing', untilMs, why: `quiet window (${files} files)` };
