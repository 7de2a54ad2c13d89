import type { GateDecision } from './gate/types.js';
import type { DataFile } from './learner/data-file.js';
import type { FileList } from './learner/state.js';
import type {
  BeginRequest,
  BegunRun,
  ChunkRequest,
  ChunkResult,
  Deployed,
  DeployRequest,
  EndRequest,
  EvaluatedCandidate,
  EvaluateRequest,
  FrozenDataset,
  RegisterRequest,
} from './run-steps.js';

export const runPhases = ['freezing', 'checking', 'training', 'evaluating', 'judging', 'registering', 'deploying', 'done'] as const;
export type RunPhase = (typeof runPhases)[number];

/** The whole state of a training run: plain JSON, and the input of its next part after continue-as-new. */
export interface TrainingRun {
  readonly schemaVersion: 1;
  readonly runId: string;
  readonly instrument: string;
  readonly bucket: string;
  readonly cycle: number;
  readonly reason: string;
  readonly full: boolean;
  readonly files: readonly DataFile[];
  readonly lists: readonly FileList[];
  readonly phase: RunPhase;
  readonly paused: boolean;
  readonly stopping: boolean;
  readonly dataset: FrozenDataset | null;
  readonly begun: BegunRun | null;
  readonly chunk: ChunkResult | null;
  readonly candidate: EvaluatedCandidate | null;
  readonly decision: GateDecision | null;
  readonly version: string | null;
  readonly deployed: Deployed | null;
}

/** What a training run ends with. */
export type TrainingResult =
  | {
      readonly kind: 'decided';
      readonly runId: string;
      readonly version: string;
      readonly verdict: GateDecision['verdict'];
      readonly installedAs: Deployed['installedAs'];
      readonly production: string | null;
      readonly sharpe: number | null;
      readonly summary: string;
    }
  | { readonly kind: 'skipped'; readonly runId: string; readonly summary: string }
  | { readonly kind: 'stopped'; readonly runId: string; readonly summary: string };

/** Answer of the run's `progress` query. */
export interface TrainingProgress {
  readonly runId: string;
  readonly instrument: string;
  readonly phase: RunPhase;
  readonly paused: boolean;
  readonly stopping: boolean;
  readonly step: number;
  readonly steps: number | null;
  readonly chunk: ChunkResult | null;
  readonly dataset: Pick<FrozenDataset, 'id' | 'bars' | 'sessions' | 'from' | 'to' | 'quality' | 'simulated'> | null;
  readonly version: string | null;
  readonly decision: GateDecision | null;
}

/** A run that has not begun. */
export const newTrainingRun = (
  plan: Pick<TrainingRun, 'runId' | 'instrument' | 'bucket' | 'cycle' | 'reason' | 'full' | 'files' | 'lists'>,
): TrainingRun => ({
  schemaVersion: 1,
  ...plan,
  phase: 'freezing',
  paused: false,
  stopping: false,
  dataset: null,
  begun: null,
  chunk: null,
  candidate: null,
  decision: null,
  version: null,
  deployed: null,
});

/** Environment step that training has reached. */
export const stepOf = ({ chunk }: Pick<TrainingRun, 'chunk'>): number => chunk?.step ?? 0;

/** Whether the run has trained all its steps. */
export const isTrained = (run: TrainingRun): boolean => run.begun !== null && stepOf(run) >= run.begun.trainSteps;

/** What the next `trainChunk` is asked for: up to the next whole chunk, so that an interrupted one is finished first. */
export const nextChunk = (run: TrainingRun, dataset: FrozenDataset, begun: BegunRun): ChunkRequest => ({
  ...ofCandidate(run, dataset, begun),
  toStep: Math.min(begun.trainSteps, (Math.floor(stepOf(run) / begun.chunkSteps) + 1) * begun.chunkSteps),
});

/** What the evaluation of the trained candidate is asked for. */
export const evaluationOf = (run: TrainingRun, dataset: FrozenDataset, begun: BegunRun, chunk: ChunkResult): EvaluateRequest => ({
  ...ofCandidate(run, dataset, begun),
  cycle: run.cycle,
  checkpoint: chunk.checkpoint,
});

/** What opens the run in the registry. */
export const beginOf = ({ runId, instrument, bucket, cycle, reason, full }: TrainingRun, dataset: FrozenDataset): BeginRequest => ({
  runId,
  instrument,
  bucket,
  cycle,
  reason,
  full,
  dataset,
});

/** What registers the candidate with the decision on it. */
export const registrationOf = (
  run: TrainingRun,
  dataset: FrozenDataset,
  begun: BegunRun,
  candidate: EvaluatedCandidate,
  decision: GateDecision,
): RegisterRequest => ({
  runId: run.runId,
  instrument: run.instrument,
  bucket: run.bucket,
  epoch: begun.epoch,
  parent: begun.parent,
  dataset,
  candidate,
  decision,
});

/** What carries out the decision. */
export const deploymentOf = (
  { runId, instrument, bucket }: TrainingRun,
  { epoch }: BegunRun,
  { comparedWith, evidence }: EvaluatedCandidate,
  { verdict, summary, rules }: GateDecision,
  version: string,
): DeployRequest => ({
  runId,
  instrument,
  bucket,
  epoch,
  version,
  verdict,
  comparedWith,
  summary,
  servable: evidence.servable.loads && rules.every(({ rule, passed }) => rule !== 'servable' || passed),
});

/** What closes the run in the registry. */
export const endOf = ({ runId, instrument, begun }: TrainingRun, outcome: EndRequest['outcome'], summary: string): EndRequest => ({
  runId,
  instrument,
  epoch: begun?.epoch ?? null,
  outcome,
  summary,
});

const ofCandidate = ({ runId, instrument, bucket }: TrainingRun, dataset: FrozenDataset, begun: BegunRun) => ({
  runId,
  instrument,
  bucket,
  dataset,
  epoch: begun.epoch,
  config: begun.config,
  parent: begun.parent,
});

/** Why nothing is trained on a dataset of this quality, and what to look at; null when it is good enough. */
export const qualityRefusal = (dataset: FrozenDataset, threshold: number): string | null =>
  dataset.quality >= threshold
    ? null
    : `data quality ${dataset.quality.toFixed(3)} is below ${threshold}: ${dataset.findings.slice(0, 3).join('; ') || 'see the quality report'}`;

/** What the run ends with, once a decision has been carried out. */
export const decided = (
  run: TrainingRun,
  candidate: EvaluatedCandidate,
  decision: GateDecision,
  version: string,
  deployed: Deployed,
): TrainingResult => ({
  kind: 'decided',
  runId: run.runId,
  version,
  verdict: decision.verdict,
  installedAs: deployed.installedAs,
  production: deployed.production,
  sharpe: candidate.evidence.candidate.sharpe,
  summary: decision.summary,
});

const outcomes = { PROMOTE: 'promoted', HOLD: 'held', REJECT: 'rejected' } as const satisfies Record<
  GateDecision['verdict'],
  EndRequest['outcome']
>;

/** A result in the registry's words. */
export const outcomeOf = (result: TrainingResult): EndRequest['outcome'] =>
  result.kind === 'decided' ? outcomes[result.verdict] : result.kind;

/** What the outside sees of a run. */
export const progressOf = (run: TrainingRun): TrainingProgress => ({
  runId: run.runId,
  instrument: run.instrument,
  phase: run.phase,
  paused: run.paused,
  stopping: run.stopping,
  step: stepOf(run),
  steps: run.begun?.trainSteps ?? null,
  chunk: run.chunk,
  dataset: run.dataset === null ? null : datasetLine(run.dataset),
  version: run.version,
  decision: run.decision,
});

const datasetLine = ({ id, bars, sessions, from, to, quality, simulated }: FrozenDataset): TrainingProgress['dataset'] => ({
  id,
  bars,
  sessions,
  from,
  to,
  quality,
  simulated,
});
