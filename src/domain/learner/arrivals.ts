import { readArrival, type DataFile } from './data-file.js';
import { recordData } from './ledger.js';
import { mark, unmarked } from './message-marks.js';
import { hasNewerData } from './next-step.js';
import { outcomeNow } from './outcome-now.js';
import { stamp, type FileList, type LearnerState } from './state.js';

/** Takes in a `dataArrived` message: duplicates are ignored, malformed parts counted, a file reported anew replaces its older report. */
export const recordArrival = (state: LearnerState, payload: unknown, nowMs: number): LearnerState => {
  const { files, problems } = readArrival(payload);
  return recordFiles(recordProblems(state, problems), unseen(state, files), nowMs);
};

/** Files held in the state itself; more are put aside as an artifact, so that the state stays small. */
const HELD = 400;

/** Whether there are so many files that they are to be put aside. */
export const isCrowded = ({ pending }: LearnerState): boolean => pending.length > HELD;

/** Files in one list: their reports must fit into one message of Temporal, which holds two million bytes. */
const LISTED = 4_000;

/** The files that are put aside next: as many of the oldest as one list takes. */
export const filesToPutAside = ({ pending }: LearnerState): readonly DataFile[] => pending.slice(0, LISTED);

/** Replaces files by the list that holds them now. */
export const putAside = (state: LearnerState, files: readonly DataFile[], list: FileList): LearnerState => {
  const stored = new Set(files);
  return { ...state, pending: state.pending.filter((file) => !stored.has(file)), lists: [...state.lists, list] };
};

/** Counts what was malformed in a message, and keeps the last of it. */
export const recordProblems = (state: LearnerState, problems: readonly string[]): LearnerState =>
  problems.length === 0
    ? state
    : { ...state, malformed: { count: state.malformed.count + problems.length, last: problems.at(-1) ?? null } };

const recordFiles = (state: LearnerState, files: readonly DataFile[], nowMs: number): LearnerState => {
  if (files.length === 0) return state;
  const marks = mark(
    state.marks,
    files.map(({ id }) => id),
  );
  const outcome = outcomeNow(state, 'newData', nowMs);
  const ledger = recordData(state.ledger, files.length, stamp(nowMs), outcome);
  if (outcome.kind === 'dropped') return { ...state, marks, ledger };
  return {
    ...state,
    marks,
    ledger,
    pending: newestByPath(state.pending, files),
    window: { firstMs: windowStart(state) ?? nowMs, lastMs: nowMs },
  };
};

/** Files of a failed training do not hold the window open: newer data starts one of its own. */
const windowStart = (state: LearnerState): number | undefined => (hasNewerData(state) ? state.window?.firstMs : undefined);

/** Files whose id was neither seen before nor earlier in the same message. */
const unseen = (state: LearnerState, files: readonly DataFile[]): readonly DataFile[] => {
  const held = new Set([...state.pending, ...(state.running?.files ?? [])].map(({ id }) => id));
  return unmarked(state.marks, files).filter(({ id }) => !held.has(id));
};

/** One entry per path, the newest report of each. */
export const newestByPath = (older: readonly DataFile[], newer: readonly DataFile[]): readonly DataFile[] => {
  const replaced = new Set(newer.map(({ pathId }) => pathId));
  const last = new Map(newer.map((file) => [file.pathId, file]));
  return [...older.filter(({ pathId }) => !replaced.has(pathId)), ...last.values()];
};
