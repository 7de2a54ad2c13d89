import { failureKind } from '../failures.js';
import { trainingRunId } from '../ids.js';
import type { TrainingResult } from '../training-run.js';
import { newestByPath } from './arrivals.js';
import { actOn, isOpen, moveOpen, noteResult, openTrigger } from './ledger.js';
import { stamp, type FailedTraining, type LearnerState, type RunningTraining, type RunOutcome } from './state.js';

/** Starts the next training with everything that waits for one. The state's `running` says what to start. */
export const startTraining = (state: LearnerState, nowMs: number): LearnerState & { readonly running: RunningTraining } => {
  const cycle = state.cycle + 1;
  const runId = trainingRunId(state.instrument, cycle);
  const opened = state.ledger.entries.some(isOpen) ? state : retried(state, nowMs);
  const running: RunningTraining = {
    runId,
    cycle,
    startedAt: stamp(nowMs),
    files: state.pending,
    lists: state.lists,
    full: state.request?.full ?? state.failure?.full ?? false,
    asked: state.request !== null,
    reason: state.request?.reason ?? (state.failure === null ? 'new data' : `again after ${state.failure.runId}`),
    stopping: false,
  };
  return { ...opened, cycle, running, pending: [], lists: [], window: null, request: null, ledger: actOn(opened.ledger, runId) };
};

/** Takes in what a training ended with. A stopped one leaves its files waiting and the learner paused. */
export const finishTraining = (state: LearnerState, result: TrainingResult, nowMs: number): LearnerState => {
  if (result.kind === 'stopped') {
    const paused = { at: stamp(nowMs), reason: `${result.runId} was stopped` };
    return putBack(close({ ...state, paused }, result.runId, result.kind, result.summary, nowMs), state.running);
  }
  const ended = close(state, result.runId, result.kind, result.summary, nowMs);
  if (result.kind === 'skipped') return { ...ended, failure: null };
  return {
    ...ended,
    failure: null,
    production: result.live,
    lastTrainedAt: stamp(nowMs),
    lastDecision: {
      runId: result.runId,
      version: result.version,
      verdict: result.verdict,
      sharpe: result.sharpe,
      summary: result.summary,
      at: stamp(nowMs),
    },
  };
};

/** Takes in a failed training: its files wait again, and the failure's kind says whether it is tried again by itself. */
export const failTraining = (state: LearnerState, type: string, message: string, nowMs: number): LearnerState => {
  const { running } = state;
  const attempts = (state.failure?.attempts ?? 0) + 1;
  const { retryable, advice } = failureKind(type);
  const { retryFirstMs, retryLongestMs } = state.settings;
  const failure: FailedTraining = {
    runId: running?.runId ?? 'none',
    type,
    message,
    advice,
    attempts,
    full: running?.full ?? false,
    at: stamp(nowMs),
    retryAtMs: retryable ? nowMs + Math.min(retryLongestMs, retryFirstMs * 2 ** (attempts - 1)) : null,
  };
  return { ...putBack(close(state, failure.runId, 'failed', `${type}: ${message}`, nowMs), running), failure };
};

/** Nothing runs any more; what waited for its end waits for itself now, or for `resume`. */
const close = (state: LearnerState, runId: string, kind: RunOutcome['kind'], summary: string, nowMs: number): LearnerState => ({
  ...state,
  running: null,
  lastOutcome: { runId, kind, summary, at: stamp(nowMs) },
  ledger: moveOpen(
    noteResult(state.ledger, runId, kind === 'decided' ? summary : `${kind}: ${summary}`),
    state.paused === null ? { kind: 'waiting' } : { kind: 'deferred', until: 'resume', because: state.paused.reason },
  ),
});

/** Returns a training's files to those that wait; newer reports of the same path win. */
const putBack = (state: LearnerState, running: RunningTraining | null): LearnerState => {
  if (running === null) return state;
  const startedMs = Date.parse(running.startedAt);
  return {
    ...state,
    pending: newestByPath(running.files, state.pending),
    lists: [...running.lists, ...state.lists],
    window: state.window ?? { firstMs: startedMs, lastMs: startedMs },
  };
};

const retried = (state: LearnerState, nowMs: number): LearnerState => ({
  ...state,
  ledger: openTrigger(state.ledger, {
    trigger: 'retry',
    at: stamp(nowMs),
    reason: `again after ${state.failure?.runId ?? 'a failure'}`,
    files: state.pending.length,
    outcome: { kind: 'waiting' },
  }),
});
