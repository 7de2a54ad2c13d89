import { failureKind } from '../failures.js';
import { trainingRunId } from '../ids.js';
import type { BucketResult, SequenceProgress } from '../sequence/sequence.js';
import type { TrainingResult } from '../training/training-run.js';
import { newestByPath } from './arrivals.js';
import { actOn, dropOpen, isOpen, moveOpen, noteResult, openTrigger } from './ledger.js';
import { wantedNow } from './next-step.js';
import { triggers, type Wanted } from '../triggers/triggers.js';
import { stamp, type FailedTraining, type LearnerState, type RunningTraining, type RunOutcome } from './state.js';

/** Starts the next training with everything that waits for one. The state's `running` says what to start. */
export const startTraining = (state: LearnerState, nowMs: number): LearnerState & { readonly running: RunningTraining } => {
  const cycle = state.cycle + 1;
  const runId = trainingRunId(state.instrument, cycle);
  const due = wantedNow(state).filter(({ dueMs }) => dueMs <= nowMs);
  const noted = withEntries(state, due, nowMs);
  const opened = noted.ledger.entries.some(isOpen) ? noted : retried(noted, nowMs);
  const { fullRetrainEvery } = state.settings;
  const isTurn = fullRetrainEvery > 0 && state.sinceFull + 1 >= fullRetrainEvery;
  const full = isTurn || due.some((wanted) => wanted.full) || (state.failure?.full ?? false);
  const running: RunningTraining = {
    runId,
    cycle,
    startedAt: stamp(nowMs),
    files: state.pending,
    lists: state.lists,
    full,
    asked: due.some((wanted) => wanted.full || triggers[wanted.trigger].repeats) || (state.failure?.asked ?? false),
    reason: reasonOf(state, due),
    stopping: false,
    priority: priorityOf(state, due),
  };
  return {
    ...opened,
    cycle,
    running,
    pending: [],
    lists: [],
    window: null,
    request: null,
    notices: [],
    measured: null,
    experiences: { ...state.experiences, fresh: 0 },
    lastStartMs: nowMs,
    sinceFull: full ? 0 : state.sinceFull + 1,
    ledger: actOn(opened.ledger, runId),
  };
};

/** That of the most urgent trigger, or of the training that is tried again. */
const priorityOf = ({ settings, failure }: LearnerState, due: readonly Wanted[]): number =>
  Math.min(
    ...due.map(({ trigger }) => settings.priorities[trigger]),
    ...(failure === null || due.length > 0 ? [] : [failure.priority ?? ORDINARY]),
    LEAST_URGENT,
  );

const ORDINARY = 3;
const LEAST_URGENT = 5;

const reasonOf = ({ request, failure }: LearnerState, due: readonly Wanted[]): string => {
  if (request !== null) return request.reason;
  const [first] = due;
  return first?.reason ?? (failure === null ? 'new data' : `again after ${failure.runId}`);
};

/** Triggers that time alone has made due have no entry yet. */
const withEntries = (state: LearnerState, due: readonly Wanted[], nowMs: number): LearnerState => {
  const known = new Set(state.ledger.entries.filter(isOpen).map(({ trigger }) => trigger));
  const ledger = due
    .filter(({ trigger }) => !known.has(trigger))
    .reduce(
      (grown, { trigger, reason }) => openTrigger(grown, { trigger, at: stamp(nowMs), reason, files: 0, outcome: { kind: 'waiting' } }),
      state.ledger,
    );
  return { ...state, ledger };
};

/** Takes in what a training ended with. A stopped one leaves its files waiting and the learner paused. */
export const finishTraining = (state: LearnerState, result: TrainingResult, nowMs: number): LearnerState => {
  if (result.kind === 'stopped') {
    const paused = { at: stamp(nowMs), reason: `${result.runId} was stopped` };
    return putBack(close({ ...state, paused }, { ...result, helped: null }, nowMs), state.running);
  }
  const helped = result.kind === 'decided' ? result.installedAs === 'production' : null;
  const ended = close(state, { ...result, helped }, nowMs);
  if (result.kind === 'skipped') return { ...ended, failure: null };
  const { measured } = ended;
  const isReplaced = measured !== null && measured.version !== result.live?.version;
  return {
    ...ended,
    ...(isReplaced && { measured: null, ledger: dropOpen(ended.ledger, `${measured.version} is no longer live`, 'performance') }),
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

/**
 * Takes in what a pass over the buckets ended with. It decided where a bucket did, and helped where a bucket has a better model; it failed where none
 * decided and one failed. Production stays what it is: that of the learner's own bucket.
 */
export const finishPass = (state: LearnerState, pass: SequenceProgress, nowMs: number): LearnerState => {
  const { id: runId, phase, results } = pass;
  const summary = results.map(bucketSummary).join('; ').slice(0, 1_000);
  const decided = results.flatMap(({ result }) => (result.kind === 'decided' ? [result] : []));
  const told = decided.findLast(({ installedAs }) => installedAs === 'production') ?? decided.at(-1);
  const at = stamp(nowMs);
  const known: LearnerState =
    told === undefined
      ? state
      : {
          ...state,
          lastTrainedAt: at,
          lastDecision: { runId, version: told.version, verdict: told.verdict, sharpe: told.sharpe, summary, at },
        };
  if (phase === 'stopped' || results.length === 0)
    return finishTraining(known, { kind: 'stopped', runId, summary: summary || 'before its first bucket ended' }, nowMs);
  if (told !== undefined)
    return { ...close(known, { runId, kind: 'decided', summary, helped: told.installedAs === 'production' }, nowMs), failure: null };
  const failed = results.flatMap(({ failure }) => failure ?? []);
  const worst = failed.find(({ type }) => failureKind(type).retryable) ?? failed[0];
  return worst === undefined
    ? finishTraining(state, { kind: 'skipped', runId, summary }, nowMs)
    : failTraining(state, worst.type, worst.message, nowMs);
};

const bucketSummary = ({ bucket, result, failure }: BucketResult): string => {
  if (failure !== undefined) return `${bucket} failed: ${result.summary}`;
  return `${bucket} ${result.kind === 'decided' ? `${result.verdict} ${result.version}` : `${result.kind}: ${result.summary}`}`;
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
    asked: running?.asked ?? false,
    ...(running?.priority === undefined ? {} : { priority: running.priority }),
    at: stamp(nowMs),
    retryAtMs: retryable ? nowMs + Math.min(retryLongestMs, retryFirstMs * 2 ** (attempts - 1)) : null,
  };
  const end: End = { runId: failure.runId, kind: 'failed', summary: `${type}: ${message}`, helped: null };
  return { ...putBack(close(state, end, nowMs), running), failure };
};

/** How a training ended, and whether it brought a better model; null when nothing was decided. */
type End = Pick<RunOutcome, 'runId' | 'kind' | 'summary'> & { readonly helped: boolean | null };

/** Nothing runs any more; what waited for its end waits for itself now, or for `resume`. */
const close = (state: LearnerState, { runId, kind, summary, helped }: End, nowMs: number): LearnerState => ({
  ...state,
  running: null,
  lastOutcome: { runId, kind, summary, at: stamp(nowMs) },
  ledger: moveOpen(
    noteResult(state.ledger, runId, kind === 'decided' ? summary : `${kind}: ${summary}`, helped),
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
