import { operationKey } from '../ids.js';
import type { GateDecision } from '../gate/types.js';
import type { DataFile } from '../learner/data-file.js';
import type { FileList } from '../learner/state.js';
import type { BucketPlan } from '../sequence/bucket-plan.js';
import type { ProposeRequest } from '../transfer/steps.js';
import type { Transfer } from '../transfer/transfer.js';
import type { TransferTrial } from '../transfer/trial.js';
import type {
  BeginRequest,
  BegunRun,
  Canary,
  ChunkRequest,
  ChunkResult,
  Deployed,
  DeployRequest,
  EndRequest,
  EvaluatedCandidate,
  EvaluateRequest,
  FrozenDataset,
  HandedOn,
  ProbeRequest,
  RegisteredVersion,
  RegisterRequest,
} from './run-steps.js';

export const runPhases = [
  'freezing',
  'checking',
  'transferring',
  'training',
  'evaluating',
  'judging',
  'registering',
  'deploying',
  'canary',
  'done',
] as const;
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
  /** Whether the same bars as last time are trained on once more. */
  readonly asked: boolean;
  readonly files: readonly DataFile[];
  readonly lists: readonly FileList[];
  /** How the bucket is trained, in a sequence. */
  readonly plan?: BucketPlan;
  readonly phase: RunPhase;
  readonly paused: boolean;
  readonly stopping: boolean;
  readonly dataset: FrozenDataset | null;
  readonly begun: BegunRun | null;
  /** What becomes of the knowledge that is handed on; absent before that, and where none is. */
  readonly transfer?: TransferTrial;
  readonly chunk: ChunkResult | null;
  readonly decision: GateDecision | null;
  readonly version: string | null;
}

/** What a training run ends with. */
export type TrainingResult =
  | {
      readonly kind: 'decided';
      readonly runId: string;
      readonly version: string;
      readonly verdict: GateDecision['verdict'];
      readonly installedAs: Deployed['installedAs'];
      readonly live: Deployed['live'];
      readonly sharpe: number | null;
      readonly summary: string;
      readonly transfer?: Transfer;
    }
  | { readonly kind: 'skipped'; readonly runId: string; readonly summary: string; readonly transfer?: Transfer }
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
  readonly dataset: Pick<FrozenDataset, 'id' | 'artifact' | 'bars' | 'sessions' | 'from' | 'to' | 'quality' | 'simulated'> | null;
  readonly version: string | null;
  readonly decision: GateDecision | null;
}

/** A run that has not begun. */
export const newTrainingRun = (
  asked: Pick<TrainingRun, 'runId' | 'instrument' | 'bucket' | 'cycle' | 'reason' | 'full' | 'asked' | 'files' | 'lists' | 'plan'>,
): TrainingRun => ({
  schemaVersion: 1,
  ...asked,
  phase: 'freezing',
  paused: false,
  stopping: false,
  dataset: null,
  begun: null,
  chunk: null,
  decision: null,
  version: null,
});

/** Environment step that training has reached. */
export const stepOf = ({ chunk }: Pick<TrainingRun, 'chunk'>): number => chunk?.step ?? 0;

/** Whether the run has trained all its steps and the model is there. */
export const isTrained = (run: TrainingRun): boolean =>
  run.begun !== null && run.chunk !== null && run.chunk.step >= run.begun.trainSteps && run.chunk.bundle !== null;

/** What handing on knowledge is asked for. */
export const proposalOf = (run: TrainingRun, dataset: FrozenDataset, { parent }: BegunRun, source: HandedOn): ProposeRequest => ({
  ...placeOf(run),
  dataset,
  source,
  parent,
});

/** The run as it goes on after a transfer: with what was handed on, or without it. */
export const afterTransfer = (begun: BegunRun, { kinds, horizons, repeatEvery, verdict }: Transfer): BegunRun => {
  const { source, ...without } = begun;
  return verdict.used && source !== undefined
    ? { ...without, source: { ...source, kinds, horizons, ...(repeatEvery === null ? {} : { repeatEvery }) } }
    : without;
};

/** What the next `trainChunk` is asked for: up to the next whole chunk, so that an interrupted one is finished first. */
export const nextChunk = (run: TrainingRun, dataset: FrozenDataset, begun: BegunRun): ChunkRequest => ({
  ...placeOf(run),
  dataset,
  parent: begun.parent,
  ...(begun.source === undefined ? {} : { source: begun.source }),
  ...(begun.experiences === undefined ? {} : { experiences: begun.experiences }),
  toStep: Math.min(begun.trainSteps, (Math.floor(stepOf(run) / begun.chunkSteps) + 1) * begun.chunkSteps),
  ...(run.chunk?.batchSize === undefined ? {} : { batchSize: run.chunk.batchSize }),
});

/** What the evaluation of the trained model is asked for. */
export const evaluationOf = (run: TrainingRun, dataset: FrozenDataset, bundle: string): EvaluateRequest => ({
  ...placeOf(run),
  dataset,
  bundle,
  ...(run.begun?.source === undefined ? {} : { source: run.begun.source }),
  ...(run.begun?.experiences === undefined ? {} : { experiences: run.begun.experiences }),
});

/** What opens the run in the registry. */
export const beginOf = (run: TrainingRun, dataset: FrozenDataset): BeginRequest => ({
  ...placeOf(run),
  cycle: run.cycle,
  reason: run.reason,
  full: run.full,
  dataset,
  ...(run.plan === undefined ? {} : { plan: run.plan }),
});

/** What registers the candidate with the decision on it. */
export const registrationOf = (
  run: TrainingRun,
  dataset: FrozenDataset,
  { parent, source, experiences }: BegunRun,
  { epoch }: ChunkResult,
  candidate: EvaluatedCandidate,
  decision: GateDecision,
): RegisterRequest => ({
  ...placeOf(run),
  epoch,
  parent,
  ...(source === undefined ? {} : { source }),
  ...(experiences === undefined ? {} : { experiences }),
  dataset,
  candidate,
  decision,
});

/** What carries out the decision. */
export const deploymentOf = (
  run: TrainingRun,
  { epoch }: ChunkResult,
  { comparedWith, evidence }: EvaluatedCandidate,
  { verdict, summary, rules }: GateDecision,
  { version, decision }: RegisteredVersion,
): DeployRequest => ({
  ...placeOf(run),
  epoch,
  version,
  decision,
  verdict,
  comparedWith,
  summary,
  servable: evidence.servable.loads && rules.every(({ rule, passed }) => rule !== 'servable' || passed),
});

/** What closes the run in the registry. */
export const endOf = (run: TrainingRun, outcome: EndRequest['outcome'], summary: string): EndRequest => ({
  ...placeOf(run),
  isBegun: run.begun !== null,
  outcome,
  summary,
});

/** Looks at a new production while it is a canary. */
const LOOKS = 10;

/** Pause between two looks. */
export const canaryPauseMs = ({ durationMs }: Canary): number => Math.max(1_000, Math.round(durationMs / LOOKS));

/** What a look at the new production is asked for. */
export const probeOf = (run: TrainingRun, dataset: FrozenDataset, version: string): ProbeRequest => ({ ...placeOf(run), dataset, version });

/** What undoes a deployment: the version before comes back, as Ratchet's own act. */
export const undoingOf = (run: TrainingRun, { previous }: Canary, reason: string) => ({
  operation: operationKey(run.runId, 'undo'),
  instrument: run.instrument,
  bucket: run.bucket,
  version: previous,
  by: 'ratchet',
  reason,
});

const placeOf = ({ runId, instrument, bucket }: TrainingRun): Pick<TrainingRun, 'runId' | 'instrument' | 'bucket'> => ({
  runId,
  instrument,
  bucket,
});

/** What the run ends with, once a decision has been carried out. */
export const decided = (
  run: TrainingRun,
  candidate: EvaluatedCandidate,
  decision: GateDecision,
  version: string,
  deployed: Deployed,
  notes: readonly string[] = [],
): TrainingResult => ({
  kind: 'decided',
  runId: run.runId,
  version,
  verdict: decision.verdict,
  installedAs: deployed.installedAs,
  live: deployed.live,
  sharpe: candidate.evidence.candidate.sharpe,
  summary: [decision.summary, ...notes].join(' '),
  ...(run.transfer?.settled ? { transfer: run.transfer.settled } : {}),
});

const outcomes = { PROMOTE: 'promoted', HOLD: 'held', REJECT: 'rejected' } as const satisfies Record<
  GateDecision['verdict'],
  EndRequest['outcome']
>;

/** A result in the registry's words; what was to be promoted and did not stay in production was held. */
export const outcomeOf = (result: TrainingResult): EndRequest['outcome'] => {
  if (result.kind !== 'decided') return result.kind;
  return result.verdict === 'PROMOTE' && result.installedAs !== 'production' ? 'held' : outcomes[result.verdict];
};

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

const datasetLine = ({ id, artifact, bars, sessions, from, to, quality, simulated }: FrozenDataset): TrainingProgress['dataset'] => ({
  id,
  artifact,
  bars,
  sessions,
  from,
  to,
  quality,
  simulated,
});
