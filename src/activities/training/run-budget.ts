import { episodesOf, forEpisodes, trainingOfBucket } from '../../config/buckets/bucket-training.js';
import type { RatchetConfig } from '../../config/ratchet.js';
import type { TrainingConfig } from '../../config/sections/training.js';
import { DEFAULT_BUCKET } from '../../domain/agent/bucket.js';
import type { Dataset } from '../../domain/market/dataset.js';
import type { BucketPlan } from '../../domain/sequence/bucket-plan.js';

/** The configuration as a bucket is trained on a dataset; `plan` is what one run has of its own. Throws `InvalidConfig` for a bucket that is not configured. */
export const configOfBucket = (
  config: RatchetConfig,
  bucket: string,
  { bars, sessions }: Pick<Dataset, 'bars' | 'sessions'>,
  plan?: BucketPlan,
): RatchetConfig => {
  const { progressive } = config;
  if (bucket === DEFAULT_BUCKET) return config;
  const episodes = episodesOf(config, bucket, plan?.episodes);
  const training = trainingOfBucket(config, bucket, plan);
  return { ...config, training: forEpisodes(training, episodes, bars / sessions, progressive.minGradientSteps) };
};

/** A training of so many environment steps, with an exploration that fades over the same share of them. */
export const withBudget = (training: TrainingConfig, trainSteps: number): TrainingConfig => ({
  ...training,
  trainSteps,
  epsilon: { ...training.epsilon, decaySteps: Math.max(1, Math.round((training.epsilon.decaySteps * trainSteps) / training.trainSteps)) },
});

/**
 * The configuration of one run: bars of the length that its dataset has, and for one that goes on from production the shorter budget of
 * `incremental_steps`, with an exploration that fades over the same share of it.
 */
export const configForRun = (
  config: RatchetConfig,
  { frequency, incremental }: { readonly frequency: string; readonly incremental: boolean },
): RatchetConfig => {
  const { training, autoRetrain } = config;
  const trainSteps = incremental ? Math.min(training.trainSteps, autoRetrain.incrementalSteps) : training.trainSteps;
  return {
    ...config,
    training: { ...withBudget(training, trainSteps), environment: { ...training.environment, frequency } },
  };
};
