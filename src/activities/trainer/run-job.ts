import { setImmediate as turn } from 'node:timers/promises';
import { trainingConfig, type TrainingConfig } from '../../config/sections/training.js';
import type { ArtifactStore, Clock, Logger } from '../../domain/ports.js';
import type { BarSeries } from '../../domain/market/bars.js';
import type {
  CheckpointPointer,
  SharedMarket,
  TrainerMessage,
  TrainerProgress,
  TrainingJob,
} from '../../domain/training/trainer-protocol.js';
import type { CheckpointOwner } from '../../learning/checkpoint/manifest.js';
import { lockRun } from '../../learning/checkpoint/run-lock.js';
import { writeCheckpoint } from '../../learning/checkpoint/write-checkpoint.js';
import { remedyPolicy } from '../../learning/monitoring/remedy.js';
import { createPqnTrainer } from '../../learning/pqn/create-pqn-trainer.js';
import { decodeLivedDecisions } from '../../learning/replay/lived-decisions.js';
import { livedTransitions, type LivedTransitions } from '../../learning/replay/lived-transitions.js';
import { createTrainer } from '../../learning/trainer/create-trainer.js';
import { decodeTrainerState, encodeTrainerState } from '../../learning/trainer/state-files.js';
import { repeatLessons } from '../../learning/transfer/repeat-lessons.js';
import { train, type TrainingProgress } from '../../learning/trainer/train.js';
import { datasetId, readDataset } from '../../market/bar-store.js';
import { BadConfig } from '../bad-config.js';
import { exportModel } from './export-model.js';
import { prepareTraining, type PreparedTraining, type SharedBars } from './prepare-training.js';
import { settingsHash } from './settings-hash.js';
import { startLearner } from './start-learner.js';
import { healthFile, stayHealthy, type HealthyStart } from './stay-healthy.js';
import { whenDiskAllows, type Patience } from './when-disk-allows.js';

/** What a job needs of the process that it runs in. */
export interface JobServices {
  readonly artifacts: ArtifactStore;
  readonly send: (message: TrainerMessage) => void;
  /** Throws when another attempt owns the run. */
  readonly mayCommit: (step: number) => Promise<void>;
  readonly shouldStop: () => boolean;
  readonly logger: Logger;
  readonly clock: Clock;
}

/**
 * Trains one attempt of a run, alone on this machine: from its newest good checkpoint up to the job's step, reporting by messages, the last of
 * which is `done` or `stopped`. At the run's last step the model is exported. Throws what `failureOf` names.
 */
export const runJob = async (job: TrainingJob, services: JobServices): Promise<void> => {
  const parsed = parseConfig(job.training);
  const config = { ...parsed, batchSize: job.batchSize ?? parsed.batchSize };
  const lock = await lockRun(job.checkpointFolder, job.patienceMs, () =>
    services.send({ kind: 'waiting', reason: 'locked', message: 'an earlier process of this run has not ended yet' }),
  );
  try {
    await runAlone(job, config, services);
  } finally {
    await lock.release();
  }
};

const runAlone = async (job: TrainingJob, config: TrainingConfig, services: JobServices): Promise<void> => {
  const prepared = await prepare(job, config, services);
  const owner = ownerOf(job, parseConfig(job.training));
  await stayHealthy({ folder: job.checkpointFolder, owner, logger: services.logger }, (start) =>
    trainFrom(start, { job, config, prepared, owner, services }),
  );
};

interface Training {
  readonly job: TrainingJob;
  readonly config: TrainingConfig;
  readonly prepared: PreparedTraining;
  readonly owner: CheckpointOwner;
  readonly services: JobServices;
}

const trainFrom = async (start: HealthyStart, { job, config: asked, prepared, owner, services }: Training): Promise<void> => {
  const { send, shouldStop, clock, logger } = services;
  const { rollbacks, checkpoint, quarantined } = start;
  const config = { ...asked, agent: { ...asked.agent, learningRate: asked.agent.learningRate * remedyPolicy.rateShare ** rollbacks } };
  const { learning, parent, horizons } = await startLearner(job, config, prepared, services);
  const { learner } = learning;
  try {
    const firstNewSession = firstNew(job, prepared);
    const lived = await livedOf(job, config, prepared, services);
    const once =
      learning.algorithm === 'pqn'
        ? createPqnTrainer({ learner: learning.learner, config, ...prepared, firstNewSession, horizons })
        : createTrainer({ learner: learning.learner, config, ...prepared, firstNewSession, horizons, lived });
    const trainer = job.transfer?.repeatEvery === undefined ? once : repeatLessons(once, learner, job.transfer.repeatEvery);
    if (checkpoint !== null) trainer.restore(decodeTrainerState(checkpoint.files));
    let newest: CheckpointPointer | null = checkpoint && { name: checkpoint.name, step: checkpoint.step, sha256: checkpoint.sha256 };
    send({ kind: 'started', step: trainer.step(), checkpoint: newest, backend: learner.backend, quarantined });
    const patience: Patience = { patienceMs: job.patienceMs, send, shouldStop, logger, clock };
    const told = (figures: TrainingProgress): TrainerProgress => ({ ...figures, trainSteps: config.trainSteps, rollbacks });

    const { finished, progress } = await train({
      trainer,
      untilStep: Math.min(job.untilStep, config.trainSteps),
      trainSteps: config.trainSteps,
      checkpointEvery: config.checkpointEvery,
      async checkpoint(state) {
        const files = { ...encodeTrainerState(state), ...healthFile(rollbacks) };
        const content = { step: state.step, epoch: job.epoch, owner, files };
        const beforeCommit = (): Promise<void> => services.mayCommit(state.step);
        newest = await whenDiskAllows(patience, () => writeCheckpoint(job.checkpointFolder, content, { beforeCommit }));
        send({ kind: 'checkpointed', checkpoint: newest });
      },
      onProgress: (figures) => send({ kind: 'progress', progress: told(figures) }),
      progressEveryMs: job.progressEveryMs,
      breathe: () => turn(),
      shouldStop,
      clock,
    });

    if (!finished || newest === null) {
      send({ kind: 'stopped', checkpoint: newest });
      return;
    }
    const model = { job, parent, config: asked, schema: prepared.schema, tensors: learner.state() };
    const bundle = progress.step < config.trainSteps ? null : await whenDiskAllows(patience, () => exportModel(model, services.artifacts));
    send({ kind: 'done', result: { checkpoint: newest, progress: told(progress), bundle } });
  } finally {
    learner.dispose();
  }
};

/** The first own session that the parent has not learned from. */
const firstNew = ({ parentLearnedTo }: TrainingJob, { bars, sessions }: PreparedTraining): number | null => {
  if (parentLearnedTo === undefined) return null;
  const found = sessions.findIndex(({ from }) => (bars.closeTime[from] ?? 0) > Date.parse(parentLearnedTo));
  return found < 0 ? null : found;
};

/** What was traded, as the transitions that this training replays; null without. */
const livedOf = async (
  { experiences }: TrainingJob,
  config: TrainingConfig,
  { bars, sessions, others, rewardScale }: PreparedTraining,
  { artifacts, logger }: JobServices,
): Promise<LivedTransitions | null> => {
  if (experiences === undefined) return null;
  const decisions = decodeLivedDecisions(await artifacts.get(experiences));
  const lived = livedTransitions(decisions, { bars, sessions, others, config, rewardScale });
  logger.info('experiences are replayed', { experiences: decisions.decidedAt.length, replayed: lived.count });
  return lived.count === 0 ? null : lived;
};

const parseConfig = (training: TrainingJob['training']): TrainingConfig => {
  const { data, error } = trainingConfig.safeParse(training);
  if (data === undefined) throw new BadConfig(`the training configuration of this run is not valid: ${error.message}`);
  return data;
};

const prepare = async (job: TrainingJob, config: TrainingConfig, { artifacts, logger }: JobServices): Promise<PreparedTraining> => {
  const bars = await readFrozen(job.dataset, artifacts);
  const shared: SharedBars[] = [];
  for (const { instrument, dataset } of job.shared ?? []) shared.push({ instrument, bars: await readFrozen(dataset, artifacts) });
  const prepared = prepareTraining(bars, job.instrument, config, job.trainingRange, job.heldOut, shared);
  logger.info('training prepared', {
    bars: bars.length,
    sessions: prepared.sessions.length,
    ...(prepared.own && { sharedSessions: prepared.environment.sessions.length - prepared.own.count, ownShare: prepared.own.share }),
    rewardScale: prepared.rewardScale,
  });
  return prepared;
};

const readFrozen = async (
  { id, artifact }: TrainingJob['dataset'] | SharedMarket['dataset'],
  artifacts: ArtifactStore,
): Promise<BarSeries> => {
  const bars = await readDataset(await artifacts.file(artifact));
  const held = datasetId(bars);
  if (held !== id) throw Object.assign(new Error(`dataset ${id} holds bars of ${held}: freeze it again`), { name: 'DataCorrupt' });
  return bars;
};

/** What makes the bits of a run: a checkpoint of anything else is not this run's. */
const ownerOf = (
  { runId, dataset, instrument, trainingRange, heldOut, shared, parent, transfer, experiences }: TrainingJob,
  training: TrainingConfig,
): CheckpointOwner => ({
  runId,
  dataset: dataset.id,
  config: settingsHash({
    training,
    instrument,
    trainingRange,
    ...(heldOut && { heldOut }),
    ...(shared && { shared }),
    parent,
    ...(transfer && { transfer }),
    ...(experiences && { experiences }),
  }),
});
