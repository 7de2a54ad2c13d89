import type { DataFile } from './data-file.js';
import { emptyLedger, type Ledger } from './ledger.js';
import type { LiveVersion } from '../run-steps.js';
import type { LearnerSettings, SettingsChange } from './settings.js';

/** Everything that a learner knows: plain JSON, bounded, and the whole input of its next run. */
export interface LearnerState {
  readonly schemaVersion: 1;
  readonly instrument: string;
  readonly bucket: string;
  /** What holds now: `byHand` over `configured`. */
  readonly settings: LearnerSettings;
  readonly configured: LearnerSettings;
  readonly byHand: SettingsChange;
  /** Whether the registry was asked what is known of this instrument. */
  readonly recalled: boolean;
  /** Number of the newest training. */
  readonly cycle: number;
  readonly paused: { readonly at: string; readonly reason: string } | null;
  /** First and last arrival of what is pending, by the server's clock. */
  readonly window: { readonly firstMs: number; readonly lastMs: number } | null;
  readonly pending: readonly DataFile[];
  /** Artifacts that hold lists of more pending files, once there are many. */
  readonly lists: readonly FileList[];
  readonly request: RetrainRequest | null;
  /** Ids of messages seen, newest last. */
  readonly seen: readonly string[];
  readonly running: RunningTraining | null;
  readonly failure: FailedTraining | null;
  readonly production: LiveVersion | null;
  readonly lastDecision: LastDecision | null;
  readonly lastOutcome: RunOutcome | null;
  readonly lastTrainedAt: string | null;
  readonly ledger: Ledger;
  readonly malformed: { readonly count: number; readonly last: string | null };
}

/** Many files as one artifact: a JSON list of `DataFile`. */
export interface FileList {
  readonly artifact: string;
  readonly count: number;
}

export interface RetrainRequest {
  readonly full: boolean;
  readonly reason: string;
}

/** What a training was started with; put back when it fails, so that nothing is lost. */
export interface RunningTraining {
  readonly runId: string;
  readonly cycle: number;
  readonly startedAt: string;
  readonly files: readonly DataFile[];
  readonly lists: readonly FileList[];
  readonly full: boolean;
  /** Whether a person asked for it. */
  readonly asked: boolean;
  readonly reason: string;
  readonly stopping: boolean;
}

export interface FailedTraining {
  readonly runId: string;
  readonly type: string;
  readonly message: string;
  readonly advice: string;
  readonly attempts: number;
  readonly full: boolean;
  readonly at: string;
  /** When it is tried again by itself; null when only new data, a nudge or a person can help. */
  readonly retryAtMs: number | null;
}

export interface LastDecision {
  readonly runId: string;
  readonly version: string | null;
  readonly verdict: string;
  readonly sharpe: number | null;
  readonly summary: string;
  readonly at: string;
}

/** How the newest training ended, decision or not. */
export interface RunOutcome {
  readonly runId: string;
  readonly kind: 'decided' | 'skipped' | 'stopped' | 'failed';
  readonly summary: string;
  readonly at: string;
}

/** A learner that knows nothing yet. */
export const newLearner = (instrument: string, settings: LearnerSettings, bucket = 'default'): LearnerState => ({
  schemaVersion: 1,
  instrument,
  bucket,
  settings,
  configured: settings,
  byHand: {},
  recalled: false,
  cycle: 0,
  paused: null,
  window: null,
  pending: [],
  lists: [],
  request: null,
  seen: [],
  running: null,
  failure: null,
  production: null,
  lastDecision: null,
  lastOutcome: null,
  lastTrainedAt: null,
  ledger: emptyLedger,
  malformed: { count: 0, last: null },
});

/** What a learner is started with: an instrument and its settings, or the state that the run before handed on. */
export type LearnerInput = Partial<LearnerState> & Pick<LearnerState, 'instrument' | 'settings'>;

/** The state out of an input of this or an earlier version: what it lacks is as in a new learner. */
export const restoreLearner = (input: LearnerInput): LearnerState => ({
  ...newLearner(input.instrument, input.settings),
  ...input,
  schemaVersion: 1,
});

/** Number of files that wait to be trained on. */
export const pendingFiles = ({ pending, lists }: Pick<LearnerState, 'pending' | 'lists'>): number =>
  pending.length + lists.reduce((sum, list) => sum + list.count, 0);

/** ISO 8601 of the server's clock. */
export const stamp = (nowMs: number): string => new Date(nowMs).toISOString();
