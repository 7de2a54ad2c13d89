import type { BarRange } from '../market/bars.js';
import type { Dataset } from '../market/dataset.js';
import type { Instrument } from '../market/instrument.js';
import type { NetworkHealth } from '../model/network-health.js';
import type { TransferPlan } from '../transfer/plan.js';

/** What the trainer process and the activity that forked it say to each other: plain data over IPC. Paths are of the one machine that both run on. */

/** Bars of another instrument that are trained on too, all of them, traded in its own contract. */
export interface SharedMarket {
  readonly instrument: Instrument;
  readonly dataset: Pick<Dataset, 'id' | 'artifact'>;
}

/** One attempt at training a run up to a step. */
export interface TrainingJob {
  readonly runId: string;
  /** Fence: number of this attempt; larger ones make this one's checkpoints refuse to be written. */
  readonly epoch: number;
  readonly instrument: Instrument;
  readonly bucket: string;
  readonly dataset: Pick<Dataset, 'id' | 'artifact' | 'simulated'>;
  /** The bars that may be trained on; features are normalised by these alone. */
  readonly trainingRange: BarRange;
  /** Parts of it that may not; each session that one of them touches is left out whole. */
  readonly heldOut?: readonly BarRange[];
  /** Absent where no instrument shares its bars. */
  readonly shared?: readonly SharedMarket[];
  /** A `TrainingConfig`, parsed again by the process. */
  readonly training: Readonly<Record<string, unknown>>;
  /** Rows of a gradient step where memory does not suffice for those of `training`; no part of what a checkpoint belongs to. */
  readonly batchSize?: number;
  /** Artifact id of the `ModelBundle` whose weights training starts from; null from scratch. */
  readonly parent: string | null;
  /** Close of the newest bar that the parent or an ancestor of it learned from, ISO 8601; missing without a parent. */
  readonly parentLearnedTo?: string;
  /** Artifact id of the traded decisions that are replayed beside what is simulated. */
  readonly experiences?: string;
  /** What is taken over from another model, in place of a parent. */
  readonly transfer?: TransferPlan;
  /** Environment steps, from the start of the run, at which this attempt ends. */
  readonly untilStep: number;
  /** Where the run's checkpoints are. */
  readonly checkpointFolder: string;
  readonly artifactsFolder: string;
  /** Added to the process's niceness, so that serving goes first; 0 for none. */
  readonly nice: number;
  /** Least time between two progress messages. */
  readonly progressEveryMs: number;
  /** Longest time that a full disk, or another process of the run, is waited for. */
  readonly patienceMs: number;
}

/** A checkpoint by name, with its manifest's hash. */
export interface CheckpointPointer {
  readonly name: string;
  readonly step: number;
  readonly sha256: string;
}

/** Figures for people; null where nothing was seen yet. Returns are shares of cash, averages of the last 100 episodes. */
export interface TrainerProgress extends NetworkHealth {
  readonly step: number;
  readonly trainSteps: number;
  readonly gradientSteps: number;
  readonly environmentStepsPerSecond: number;
  readonly gradientStepsPerSecond: number;
  readonly secondsLeft: number | null;
  readonly loss: number | null;
  readonly qLoss: number | null;
  readonly auxiliaryLoss: number | null;
  readonly gradientNorm: number | null;
  readonly epsilon: number;
  readonly learningRate: number;
  readonly bufferSize: number;
  readonly episodes: number;
  readonly episodeReturn: number | null;
  readonly episodeReturnWithHindsight: number | null;
  readonly winRate: number | null;
  readonly episodeReturnRiskAdjusted: number | null;
  /** Gain of the episode return per 100,000 environment steps. */
  readonly sampleEfficiency: number | null;
  /** Times that the run went back to a checkpoint, with a lower learning rate, because its health failed. */
  readonly rollbacks: number;
}

/** What a finished attempt leaves. */
export interface TrainerResult {
  readonly checkpoint: CheckpointPointer;
  readonly progress: TrainerProgress;
  /** Artifact id of the trained `ModelBundle`; null until the run's last step. */
  readonly bundle: string | null;
  /** Rows of a gradient step, where memory did not suffice for those of the configuration. */
  readonly batchSize?: number;
}

/** A failure by its type in `domain/failures`. */
export interface TrainerFailure {
  readonly type: string;
  readonly message: string;
}

export type TrainerCommand =
  | { readonly kind: 'train'; readonly job: TrainingJob }
  | { readonly kind: 'checkpointAndStop' }
  /** Answers `mayCommit`: null when the attempt still owns the run. */
  | { readonly kind: 'commitAnswer'; readonly refusal: TrainerFailure | null };

export type TrainerMessage =
  /** Training begins at this step; quarantined checkpoints are damaged ones that were passed over. */
  | {
      readonly kind: 'started';
      readonly step: number;
      readonly checkpoint: CheckpointPointer | null;
      readonly backend: 'compiled' | 'eager';
      readonly quarantined: readonly { readonly name: string; readonly reason: string }[];
    }
  | { readonly kind: 'progress'; readonly progress: TrainerProgress }
  | { readonly kind: 'mayCommit'; readonly step: number }
  | { readonly kind: 'checkpointed'; readonly checkpoint: CheckpointPointer }
  /** Training stands still and goes on by itself: a full disk, or another process that still holds the run. */
  | { readonly kind: 'waiting'; readonly reason: 'diskFull' | 'locked'; readonly message: string }
  | { readonly kind: 'done'; readonly result: TrainerResult }
  | { readonly kind: 'stopped'; readonly checkpoint: CheckpointPointer | null }
  | { readonly kind: 'failed'; readonly failure: TrainerFailure };

/** What an attempt's heartbeat carries: a pointer and a few figures, so that the next attempt and people know where it stood. A hint only; the disk is the truth. */
export interface TrainerHeartbeat {
  readonly phase: 'starting' | 'training' | 'waiting';
  readonly step: number;
  readonly trainSteps: number | null;
  readonly checkpoint: CheckpointPointer | null;
  readonly stepsPerSecond: number | null;
  readonly loss: number | null;
  readonly episodeReturn: number | null;
  /** Attempts in a row that failed without a checkpoint beyond the one they started from. */
  readonly failuresWithoutProgress: number;
  /** Times that the batch was halved for want of memory. */
  readonly halvings?: number;
}
