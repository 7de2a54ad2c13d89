import { join } from 'node:path';
import { openFolderStore } from '../../../src/artifacts/folder-store.js';
import { trainingConfig } from '../../../src/config/sections/training.js';
import type { TrainingJob } from '../../../src/domain/training/trainer-protocol.js';
import { freezeDataset } from '../../../src/market/freeze-dataset.js';
import { costlyInstrument, randomBars } from '../market/random-bars.js';

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
