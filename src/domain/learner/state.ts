import type { DataFile } from './data-file.js';
import type { LiveVersion } from '../training/run-steps.js';
import type { ExperienceCount, Measurement, Notice } from '../triggers/trigger.js';
import type { BlackoutPlan } from './blackout.js';
import { emptyLedger, type Ledger } from './ledger.js';
import { mark, noMarks, type MessageMarks } from './message-marks.js';
import { laterSettings, type LearnerSettings, type SettingsChange } from './settings.js';

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
  /** The newest requests by the id of their message, with what they were answered. */
  readonly answered: readonly AnsweredRequest[];
  readonly experiences: ExperienceCount;
  /** What asked for a training since the newest one began, one of each kind. */
  readonly notices: readonly Notice[];
  readonly measured: Measurement | null;
  /** Messages that were taken in. */
  readonly marks: MessageMarks;
  readonly running: RunningTraining | null;
  readonly failure: FailedTraining | null;
  readonly production: LiveVersion | null;
  readonly lastDecision: LastDecision | null;
  readonly lastOutcome: RunOutcome | null;
  readonly lastTrainedAt: string | null;
  /** Start of the newest training, epoch ms, and how many in a row did not begin from scratch. */
  readonly lastStartMs: number | null;
  readonly sinceFull: number;
  readonly blackouts: BlackoutPlan | null;
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
  /** Whether it does not wait for the end of a blackout. */
  readonly now?: boolean;
}

/** What a person was told who asked for a training; asked again, they are told the same. */
export interface AnsweredRequest {
  readonly id: string;
  /** Number of the trigger in the ledger. */
  readonly trigger: number;
  /** The run that acts on it. */
  readonly run: string;
}

/** What a training was started with; put back when it fails, so that nothing is lost. */
export interface RunningTraining {
  readonly runId: string;
  readonly cycle: number;
  readonly startedAt: string;
  readonly files: readonly DataFile[];
  readonly lists: readonly FileList[];
  readonly full: boolean;
  /** Whether it trains on the same bars once more where no new ones have come: a person asked for it, say. */
  readonly asked: boolean;
  readonly reason: string;
  readonly stopping: boolean;
  /** 1 to 5, the lowest first; absent in earlier states. */
  readonly priority?: number;
}

export interface FailedTraining {
  readonly runId: string;
  readonly type: string;
  readonly message: string;
  readonly advice: string;
  readonly attempts: number;
  readonly full: boolean;
  /** As of the training that failed; absent in earlier states. */
  readonly asked?: boolean;
  readonly priority?: number;
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
  answered: [],
  experiences: { total: 0, fresh: 0 },
  notices: [],
  measured: null,
  marks: noMarks,
  running: null,
  failure: null,
  production: null,
  lastDecision: null,
  lastOutcome: null,
  lastTrainedAt: null,
  lastStartMs: null,
  sinceFull: 0,
  blackouts: null,
  ledger: emptyLedger,
  malformed: { count: 0, last: null },
});

/** What a learner is started with: an instrument and its settings, or the state that the run before handed on, of this or an earlier version. */
export type LearnerInput = Partial<Omit<LearnerState, 'settings' | 'configured'>> &
  Pick<LearnerState, 'instrument'> & {
    readonly settings: EarlierSettings;
    readonly configured?: EarlierSettings;
    /** Ids of messages, as they were carried before there were marks. */
    readonly seen?: readonly string[];
  };

export type EarlierSettings = Omit<LearnerSettings, keyof typeof laterSettings> & Partial<LearnerSettings>;

/** The state out of an input of this or an earlier version: what it lacks is as in a new learner. */
export const restoreLearner = ({ seen = [], ...input }: LearnerInput): LearnerState => {
  const settings = { ...laterSettings, ...input.settings };
  return {
    ...newLearner(input.instrument, settings),
    marks: mark(noMarks, seen),
    ...input,
    settings,
    configured: { ...settings, ...input.configured },
    schemaVersion: 1,
  };
};

/** Number of files that wait to be trained on. */
export const pendingFiles = ({ pending, lists }: Pick<LearnerState, 'pending' | 'lists'>): number =>
  pending.length + lists.reduce((sum, list) => sum + list.count, 0);

/** ISO 8601 of the server's clock. */
export const stamp = (nowMs: number): string => new Date(nowMs).toISOString();
