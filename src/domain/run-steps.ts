import type { BarRange } from './bars.js';
import type { GateDecision, GateEvidence, GateSettings, Verdict } from './gate/types.js';
import type { DataFile } from './learner/data-file.js';
import type { FileList } from './learner/state.js';

/** What the steps of a training run ask of activities and get back: ids and small numbers, never data. */

export interface FreezeRequest {
  readonly runId: string;
  readonly instrument: string;
  readonly files: readonly DataFile[];
  readonly lists: readonly FileList[];
}

/** What freezing gave: a dataset and the least quality that trains, or why there is none (an expected outcome, not an error). */
export type FreezeResult =
  | { readonly kind: 'frozen'; readonly dataset: FrozenDataset; readonly qualityThreshold: number }
  | { readonly kind: 'refused'; readonly summary: string };

/** A frozen dataset with its split. */
export interface FrozenDataset {
  readonly id: string;
  /** Artifact id of the Parquet file of all bars. */
  readonly artifact: string;
  readonly bars: number;
  readonly sessions: number;
  readonly frequencyMs: number;
  /** Close of the first and last bar, ISO 8601. */
  readonly from: string;
  readonly to: string;
  /** 0..1. */
  readonly quality: number;
  /** Why the quality is not 1, worst first; at most a few sentences. */
  readonly findings: readonly string[];
  readonly quarantinedLines: number;
  readonly simulated: boolean;
  readonly training: BarRange;
  readonly evaluation: BarRange;
  readonly purgeBars: number;
}

export interface BeginRequest {
  readonly runId: string;
  readonly instrument: string;
  readonly bucket: string;
  readonly cycle: number;
  readonly reason: string;
  readonly full: boolean;
  readonly dataset: FrozenDataset;
}

/** A run that owns its epoch. */
export interface BegunRun {
  /** Fence: a later claim of the same run makes this one's writes fail. */
  readonly epoch: number;
  /** Artifact id of the configuration that the whole run uses. */
  readonly config: string;
  /** Artifact id of the model that training starts from; null from scratch. */
  readonly parent: string | null;
  /** Environment steps of the whole run and of one chunk. */
  readonly trainSteps: number;
  readonly chunkSteps: number;
}

export interface ChunkRequest {
  readonly runId: string;
  readonly instrument: string;
  readonly bucket: string;
  readonly epoch: number;
  readonly config: string;
  readonly parent: string | null;
  readonly dataset: FrozenDataset;
  /** Environment step to train up to, counted from the start of the run. */
  readonly toStep: number;
}

/** Where training stands after a chunk. `checkpoint` names the newest good one. */
export interface ChunkResult {
  readonly step: number;
  readonly checkpoint: string;
  readonly stepsPerSecond: number | null;
  readonly loss: number | null;
  /** Mean net return of recent training episodes, as a fraction of cash. */
  readonly episodeReturn: number | null;
}

export interface EvaluateRequest extends Omit<ChunkRequest, 'toStep'> {
  readonly cycle: number;
  readonly checkpoint: string;
}

/** A candidate with the evidence for and against it. */
export interface EvaluatedCandidate {
  /** Artifact id of the candidate's `ModelBundle`. */
  readonly bundle: string;
  readonly weightsHash: string;
  readonly evidence: GateEvidence;
  /** Artifact id of the evidence with its return series. */
  readonly evidenceArtifact: string;
  /** What production was when they were compared; null when there was none. */
  readonly comparedWith: string | null;
  readonly gate: GateSettings;
}

export interface RegisterRequest {
  readonly runId: string;
  readonly instrument: string;
  readonly bucket: string;
  readonly epoch: number;
  readonly dataset: FrozenDataset;
  readonly parent: string | null;
  readonly candidate: EvaluatedCandidate;
  readonly decision: GateDecision;
}

export interface RegisteredVersion {
  /** `v<N>_<YYYYMMDD>_<HHMMSS>`. */
  readonly version: string;
}

export interface DeployRequest {
  readonly runId: string;
  readonly instrument: string;
  readonly bucket: string;
  readonly epoch: number;
  readonly version: string;
  readonly verdict: Verdict;
  readonly servable: boolean;
  /** What production must still be for the swap to happen. */
  readonly comparedWith: string | null;
  readonly summary: string;
}

/** What serves after the decision. `installedAs` is null when this version changed nothing. */
export interface Deployed {
  readonly installedAs: 'production' | 'baseline' | 'challenger' | null;
  readonly production: string | null;
}

export interface EndRequest {
  readonly runId: string;
  readonly instrument: string;
  readonly epoch: number | null;
  readonly outcome: 'promoted' | 'held' | 'rejected' | 'skipped' | 'stopped' | 'cancelled' | 'failed';
  readonly summary: string;
}
