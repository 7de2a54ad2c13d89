import { join } from 'node:path';
import { runJob } from '../../../src/activities/trainer/run-job.js';
import { openFolderStore } from '../../../src/artifacts/folder-store.js';
import { trainingConfig } from '../../../src/config/sections/training.js';
import type { ModelBundle } from '../../../src/domain/model/model.js';
import type { TrainerMessage, TrainerResult, TrainingJob } from '../../../src/domain/training/trainer-protocol.js';
import { freezeDataset } from '../../../src/market/freeze-dataset.js';
import { costlyInstrument, randomBars } from '../market/random-bars.js';
import { recordingLogger } from '../recording-logger.js';

/** A real training of a few seconds: a frozen dataset of random bars and a job on it, with a small net, in `folder`. */
export const trainingJob = async (folder: string, training: object = {}, more: Partial<TrainingJob> = {}): Promise<TrainingJob> => {
  const artifactsFolder = join(folder, 'artifacts');
  const bars = randomBars({ seed: 21, sessions: 8, barsPerSession: 60 });
  const dataset = await freezeDataset(bars, {
    artifacts: await openFolderStore(artifactsFolder),
    quality: 1,
    simulated: true,
    temporaryFolder: folder,
  });
  const config = trainingConfig.parse({
    trainSteps: 3_000,
    parallelEpisodes: 4,
    batchSize: 32,
    bufferSize: 2_000,
    warmUpSteps: 200,
    epsilon: { decaySteps: 2_000 },
    checkpointEvery: 250,
    environment: { frequency: '1m', lookback: 4, features: ['return', 'range', 'closeLocation'] },
    agent: { trunk: [32], head: 16, auxiliaryHead: 0 },
    hindsight: { horizon: 5 },
    ...training,
  });
  return {
    runId: 'train-TEST-000001',
    epoch: 1,
    instrument: costlyInstrument,
    bucket: 'default',
    dataset,
    trainingRange: { from: 0, to: 360 },
    training: config,
    parent: null,
    untilStep: config.trainSteps,
    checkpointFolder: join(folder, 'checkpoints'),
    artifactsFolder,
    nice: 0,
    progressEveryMs: 50,
    patienceMs: 20_000,
    ...more,
  };
};

/** What a trainer said. */
export interface RunHere {
  readonly messages: readonly TrainerMessage[];
  /** Null when it was stopped before its end. */
  readonly result: TrainerResult | null;
}

/** Does in this process what a trainer process does with a job. Stops after the first checkpoint from step `stopAt` on. */
export const runHere = async (job: TrainingJob, { stopAt = Infinity, messages = [] as TrainerMessage[] } = {}): Promise<RunHere> => {
  let step = 0;
  await runJob(job, {
    artifacts: await openFolderStore(job.artifactsFolder),
    send(message) {
      messages.push(message);
      if (message.kind === 'checkpointed') step = message.checkpoint.step;
    },
    mayCommit: () => Promise.resolve(),
    shouldStop: () => step >= stopAt,
    logger: recordingLogger(),
    clock: { now: () => performance.now() },
  });
  const last = messages.at(-1);
  return { messages, result: last?.kind === 'done' ? last.result : null };
};

/** The bundle of a finished training. */
export const bundleOf = async (job: TrainingJob, id: string | null): Promise<ModelBundle> =>
  JSON.parse(new TextDecoder().decode(await (await openFolderStore(job.artifactsFolder)).get(id ?? ''))) as ModelBundle;
