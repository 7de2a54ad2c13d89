import type { Dataset, DatasetSplit } from '../market/dataset.js';
import type { GateDecision, GateEvidence, GateSettings, Verdict } from '../gate/types.js';
import type { DataFile } from '../learner/data-file.js';
import type { FileList } from '../learner/state.js';
import type { LiveModel } from '../model/production.js';
import type { QualityReport } from '../market/quality.js';
import type { BucketPlan, TransferSource } from '../sequence/bucket-plan.js';
import type { HorizonWeight } from '../transfer/horizons.js';

/** What the steps of a training run ask of activities and get back: ids and small numbers, never data. */

export interface FreezeRequest {
  readonly runId: string;
  readonly instrument: string;
  readonly bucket: string;
  /** Whether the same dataset as last time is trained on again: a person asked, say. */
  readonly asked: boolean;
  /** How the bucket is trained, in a sequence. */
  readonly plan?: BucketPlan;
  readonly files: readonly DataFile[];
  readonly lists: readonly FileList[];
}

/** What freezing gave: a dataset and the least quality that trains, or why there is none (an expected outcome, not an error). */
export type FreezeResult =
  | { readonly kind: 'frozen'; readonly dataset: FrozenDataset; readonly report: QualityReport; readonly qualityThreshold: number }
  | { readonly kind: 'refused'; readonly summary: string };

/** A frozen dataset with its split. */
export interface FrozenDataset extends Dataset, DatasetSplit {
  /** Close of the last bar that is trained on, ISO 8601. */
  readonly trainedTo: string;
  /** Close of the first bar that is judged on, ISO 8601. */
  readonly judgedFrom: string;
  /** Datasets of other instruments, none of whose bars closes after `trainedTo`: all of them are trained on too. Absent where none shares its bars. */
  readonly shared?: readonly Dataset[];
  /** Instruments that were to share their bars and do not, and why; absent where there are none. */
  readonly leftOut?: readonly LeftOut[];
}

/** An instrument whose bars are not shared, and why. */
export interface LeftOut {
  readonly instrument: string;
  readonly reason: string;
}

export interface BeginRequest {
  readonly runId: string;
  readonly instrument: string;
  readonly bucket: string;
  readonly cycle: number;
  readonly reason: string;
  readonly full: boolean;
  readonly dataset: FrozenDataset;
  readonly plan?: BucketPlan;
}

/** A run as the registry opened it: with its whole configuration, which no later change of settings touches. */
export interface BegunRun {
  readonly parent: Parent | null;
  /** The version of another bucket whose knowledge is handed on; absent when there is none. */
  readonly source?: HandedOn;
  /** Why training does not start from production although it could have; absent when it does, or when it was to begin from scratch. */
  readonly parentRefused?: string;
  /** Absent where none are replayed. */
  readonly experiences?: ReplayedExperiences;
  /** Environment steps of the whole run and of one chunk. */
  readonly trainSteps: number;
  readonly chunkSteps: number;
}

/** Experiences that a run replays beside what it simulates, frozen at its beginning. */
export interface ReplayedExperiences {
  /** Artifact id of the decisions. */
  readonly artifact: string;
  readonly count: number;
  /** Close of the newest bar that they reach to, ISO 8601. */
  readonly horizon: string;
}

/** A version of another bucket, with its `ModelBundle`, and what of it is handed on. */
export interface HandedOn extends TransferSource, Pick<BucketPlan, 'occasion' | 'kinds' | 'forced'> {
  readonly bundle: string;
  /** Its effective horizons, where they were measured. */
  readonly horizons?: readonly HorizonWeight[];
  /** Environment steps after which it teaches anew; once unless given. */
  readonly repeatEvery?: number;
}

/** The version that training starts from. */
export interface Parent {
  readonly version: string;
  /** Artifact id of its `ModelBundle`. */
  readonly bundle: string;
}

export interface ChunkRequest {
  readonly runId: string;
  readonly instrument: string;
  readonly bucket: string;
  readonly parent: Parent | null;
  readonly source?: HandedOn;
  readonly experiences?: ReplayedExperiences;
  readonly dataset: FrozenDataset;
  /** Environment step to train up to, counted from the start of the run. */
  readonly toStep: number;
  /** Rows of a gradient step that memory sufficed for in the chunk before; absent for those of the configuration. */
  readonly batchSize?: number;
}

/** Where training stands after a chunk. */
export interface ChunkResult {
  readonly step: number;
  /** Number of the attempt that got there, which fences its writes. */
  readonly epoch: number;
  /** Name of the newest good checkpoint. */
  readonly checkpoint: string;
  /** Artifact id of the trained `ModelBundle`; null until the last step. */
  readonly bundle: string | null;
  readonly stepsPerSecond: number | null;
  readonly loss: number | null;
  /** Mean net return of recent training episodes, as a fraction of cash. */
  readonly episodeReturn: number | null;
  /** Rows of a gradient step, where memory did not suffice for those of the configuration. */
  readonly batchSize?: number;
}

export interface EvaluateRequest {
  readonly runId: string;
  readonly instrument: string;
  readonly bucket: string;
  readonly dataset: FrozenDataset;
  readonly source?: TransferSource;
  readonly experiences?: ReplayedExperiences;
  readonly bundle: string;
}

/** A candidate with the evidence for and against it. */
export interface EvaluatedCandidate {
  /** Artifact id of the candidate's `ModelBundle`. */
  readonly bundle: string;
  readonly weightsHash: string;
  readonly evidence: GateEvidence;
  /** What production was when they were compared; null when there was none. */
  readonly comparedWith: string | null;
  readonly gate: GateSettings;
  /** Artifact id of the record of the evaluation, from which all of this can be computed again; absent where an earlier version of Ratchet evaluated. */
  readonly record?: string;
}

export interface ChallengerRequest {
  readonly runId: string;
  readonly instrument: string;
  readonly bucket: string;
  readonly dataset: FrozenDataset;
}

/** A held version that was looked at again. */
export interface ChallengerLook {
  readonly version: string;
  readonly candidate: EvaluatedCandidate;
}

export interface SettleChallengerRequest extends ChallengerLook, Omit<ChallengerRequest, 'dataset'> {
  readonly decision: GateDecision;
}

export interface RegisterRequest {
  readonly runId: string;
  readonly instrument: string;
  readonly bucket: string;
  readonly epoch: number;
  readonly dataset: FrozenDataset;
  readonly parent: Parent | null;
  readonly source?: TransferSource;
  readonly experiences?: ReplayedExperiences;
  readonly candidate: EvaluatedCandidate;
  readonly decision: GateDecision;
}

export interface RegisteredVersion {
  /** `v<N>_<YYYYMMDD>_<HHMMSS>`. */
  readonly version: string;
  /** Id of the recorded decision. */
  readonly decision: number;
}

export interface DeployRequest {
  readonly runId: string;
  readonly instrument: string;
  readonly bucket: string;
  readonly epoch: number;
  readonly version: string;
  readonly decision: number;
  readonly verdict: Verdict;
  readonly servable: boolean;
  /** What production must still be for the swap to happen. */
  readonly comparedWith: string | null;
  readonly summary: string;
}

/** The version that answers, and whether it was proven. */
export type LiveVersion = Pick<LiveModel, 'version' | 'role'>;

/** What serves after the decision. `installedAs` is null when this version is of no use. */
export interface Deployed {
  readonly installedAs: 'production' | 'baseline' | 'challenger' | null;
  readonly live: LiveVersion | null;
  /** How long the new production is watched, and what comes back when it fails; absent where nothing does. */
  readonly canary?: Canary;
}

/** The first time of a new production, in which a breach puts the one before back. */
export interface Canary {
  readonly durationMs: number;
  readonly previous: string;
}

export interface ProbeRequest {
  readonly runId: string;
  readonly instrument: string;
  readonly bucket: string;
  readonly version: string;
  readonly dataset: FrozenDataset;
}

/** What a look at a new production found. `replaced`: a person has changed production meanwhile, to what is `live` (absent in answers of before 2026-11-22). */
export type Probe =
  | { readonly kind: 'sound' }
  | { readonly kind: 'replaced'; readonly live?: LiveVersion | null }
  | { readonly kind: 'breach'; readonly reason: string };

export interface EndRequest {
  readonly runId: string;
  readonly instrument: string;
  readonly bucket: string;
  /** Whether the registry knows the run. */
  readonly isBegun: boolean;
  readonly outcome: 'promoted' | 'held' | 'rejected' | 'skipped' | 'stopped' | 'cancelled' | 'failed';
  readonly summary: string;
}
