import { join } from 'node:path';
import { handOnPlan } from '../../config/buckets/bucket-training.js';
import type { ChunkRequest, ChunkResult } from '../../domain/training/run-steps.js';
import type { TrainingJob } from '../../domain/training/trainer-protocol.js';
import type { ActivityDependencies } from '../dependencies.js';
import { sharedMarkets } from './share-bars.js';
import { configOfRun } from './run-config.js';
import { runTrainerProcess } from './trainer-process.js';
import { discardFinished } from '../trainer/discard-finished.js';
import { effort, visibleDevices } from '../trainer/effort.js';
import { recordProgress } from '../trainer/record-progress.js';

export interface TrainingActivities {
  /** Trains in a process of its own up to `toStep`, from the run's newest good checkpoint. */
  trainChunk(request: ChunkRequest): Promise<ChunkResult>;
}

type TrainingDependencies = Pick<ActivityDependencies, 'registry' | 'markets' | 'folders' | 'logger'> & {
  /** Devices that this trainer may use (`CUDA_VISIBLE_DEVICES`); all, when not given. */
  readonly devices?: string;
};

const PROGRESS_EVERY_MS = 1_000;
/** The process waits this long for room on the disk before its attempt fails, which frees the trainer's slot. */
const PATIENCE_MS = 30 * 60_000;

export const createTrainingActivities = ({ registry, markets, folders, logger, devices }: TrainingDependencies): TrainingActivities => ({
  async trainChunk({ runId, instrument, bucket, parent, source, experiences, dataset, toStep, batchSize }) {
    await discardFinished({ registry, logger }, folders.checkpoints, runId);
    const fence = { runId, epoch: await registry.runs.claimEpoch(runId) };
    const { training, performance, progressive, memory } = await configOfRun(registry, runId);
    const { nice, processors } = effort[performance.mode];
    const learned = parent === null ? null : await registry.versions.get(instrument, bucket, parent.version);
    const job: TrainingJob = {
      ...fence,
      instrument: markets.instrument(instrument),
      bucket,
      dataset,
      trainingRange: dataset.training,
      ...(dataset.shared && { shared: sharedMarkets(dataset.shared, markets) }),
      training,
      ...(batchSize === undefined ? {} : { batchSize }),
      parent: parent?.bundle ?? null,
      ...(source === undefined ? {} : { transfer: handOnPlan(progressive, source) }),
      ...(learned === null ? {} : { parentLearnedTo: learned.dataHorizon }),
      ...(experiences === undefined ? {} : { experiences: experiences.artifact }),
      untilStep: toStep,
      checkpointFolder: join(folders.checkpoints, runId),
      artifactsFolder: folders.artifacts,
      nice,
      progressEveryMs: PROGRESS_EVERY_MS,
      patienceMs: PATIENCE_MS,
    };
    const { checkpoint, progress, bundle, ...fitting } = await runTrainerProcess({
      job,
      logger,
      memory,
      assertEpoch: () => registry.runs.assertEpoch(fence),
      onProgress: recordProgress(registry, fence, logger),
      ...visibleDevices(performance.gpu, devices),
      ...(processors === null ? {} : { processors }),
    });
    return {
      step: checkpoint.step,
      epoch: fence.epoch,
      checkpoint: checkpoint.name,
      bundle,
      stepsPerSecond: progress.environmentStepsPerSecond,
      loss: progress.loss,
      episodeReturn: progress.episodeReturn,
      ...fitting,
    };
  },
});
