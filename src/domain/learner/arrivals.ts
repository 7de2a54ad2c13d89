import { readArrival, type DataFile } from './data-file.js';
import { recordData, type TriggerOutcome } from './ledger.js';
import { hasNewerData } from './next-step.js';
import { stamp, type FileList, type LearnerState } from './state.js';

/** Ids remembered across continue-as-new; a duplicate older than that costs a freeze, which finds nothing new. */
const REMEMBERED = 1_000;

/** Takes in a `dataArrived` message: duplicates are ignored, malformed parts counted, a file reported anew replaces its older report. */
export const recordArrival = (state: LearnerState, payload: unknown, nowMs: number): LearnerState => {
  const { files, problems } = readArrival(payload);
  return recordFiles(recordProblems(state, problems), unseen(state, files), nowMs);
};

/** Remembers ids of messages, the oldest being forgotten first. */
export const remember = (seen: readonly string[], ids: readonly string[]): readonly string[] => [...seen, ...ids].slice(-REMEMBERED);

/** Files held in the state itself; more are put aside as an artifact, so that the state stays small. */
const HELD = 400;

/** Whether there are so many files that they are to be put aside. */
export const isCrowded = ({ pending }: LearnerState): boolean => pending.length > HELD;

/** Replaces files by the list that holds them now. */
export const putAside = (state: LearnerState, files: readonly DataFile[], list: FileList): LearnerState => {
  const stored = new Set(files);
  return { ...state, pending: state.pending.filter((file) => !stored.has(file)), lists: [...state.lists, list] };
};

const recordProblems = (state: LearnerState, problems: readonly string[]): LearnerState =>
  problems.length === 0
    ? state
    : { ...state, malformed: { count: state.malformed.count + problems.length, last: problems.at(-1) ?? null } };

const recordFiles = (state: LearnerState, files: readonly DataFile[], nowMs: number): LearnerState => {
  if (files.length === 0) return state;
  const seen = remember(
    state.seen,
    files.map(({ id }) => id),
  );
  const outcome = outcomeNow(state);
  const ledger = recordData(state.ledger, files.length, stamp(nowMs), outcome);
  if (outcome.kind === 'dropped') return { ...state, seen, ledger };
  return {
    ...state,
    seen,
    ledger,
    pending: newestByPath(state.pending, files),
    window: { firstMs: windowStart(state) ?? nowMs, lastMs: nowMs },
  };
};

/** Files of a failed training do not hold the window open: newer data starts one of its own. */
const windowStart = (state: LearnerState): number | undefined => (hasNewerData(state) ? state.window?.firstMs : undefined);

const outcomeNow = ({ running, paused, settings }: LearnerState): TriggerOutcome => {
  if (running !== null)
    return settings.queueOnCompletion
      ? { kind: 'deferred', until: `the end of ${running.runId}`, because: 'a training is never interrupted' }
      : { kind: 'dropped', because: `${running.runId} is running and queue_retrain_on_completion is off` };
  if (paused !== null) return { kind: 'deferred', until: 'resume', because: paused.reason };
  if (!settings.enabled) return { kind: 'deferred', until: 'auto-retrain is switched on', because: 'auto-retrain is off' };
  return { kind: 'waiting' };
};

/** Files whose id was neither seen before nor earlier in the same message. */
const unseen = (state: LearnerState, files: readonly DataFile[]): readonly DataFile[] => {
  const known = new Set([...state.seen, ...state.pending.map(({ id }) => id), ...(state.running?.files ?? []).map(({ id }) => id)]);
  return files.filter(({ id }) => {
    if (known.has(id)) return false;
    known.add(id);
    return true;
  });
};

/** One entry per path, the newest report of each. */
export const newestByPath = (older: readonly DataFile[], newer: readonly DataFile[]): readonly DataFile[] => {
  const replaced = new Set(newer.map(({ pathId }) => pathId));
  const last = new Map(newer.map((file) => [file.pathId, file]));
  return [...older.filter(({ pathId }) => !replaced.has(pathId)), ...last.values()];
};
