import { DEFAULT_BUCKET } from '../../domain/agent/bucket.js';
import type { MarketRegime } from '../../domain/market/market-regime.js';
import { expandFeatures } from '../../domain/market/feature-groups.js';
import type { BucketPlan } from '../../domain/sequence/bucket-plan.js';
import type { HandedOn } from '../../domain/training/run-steps.js';
import { transferKinds, type TransferKind, type TransferPlan } from '../../domain/transfer/plan.js';
import type { BucketConfig, ProgressiveConfig } from './buckets.js';
import { bucketsNamed } from './expand-regimes.js';
import { InvalidConfig } from '../layers.js';
import type { RatchetConfig } from '../ratchet.js';
import type { TrainingConfig } from '../sections/training.js';

type Configured = Pick<RatchetConfig, 'training' | 'buckets'>;

/**
 * How a bucket is trained, but for its length, which follows from its data; `plan` is what one run has of its own. Throws `InvalidConfig` for a
 * bucket that is not configured.
 */
export const trainingOfBucket = ({ training, buckets }: Configured, bucket: string, plan: Partial<BucketPlan> = {}): TrainingConfig => {
  if (bucket === DEFAULT_BUCKET) return training;
  const configured = buckets[bucket];
  if (configured === undefined)
    throw new InvalidConfig(`bucket ${bucket} is not configured: expected ${[DEFAULT_BUCKET, ...Object.keys(buckets)].join(', ')}`);
  const { environment, agent, epsilon, hindsight } = training;
  const { features, epsilonEnd = epsilon.end, learningRate = agent.learningRate, regime }: BucketConfig = configured;
  const { horizon = configured.horizon, frequency = configured.frequency, capitalAllocation = configured.capitalAllocation ?? 1 } = plan;
  return {
    ...training,
    environment: {
      ...environment,
      features: expandFeatures(features),
      frequency: frequency ?? environment.frequency,
      cash: environment.cash * capitalAllocation,
      ...(regime && { regime }),
    },
    agent: { ...agent, learningRate },
    epsilon: { ...epsilon, end: epsilonEnd },
    hindsight: { ...hindsight, horizon: horizon.longest, shortestHorizon: horizon.shortest },
  };
};

/** The regime whose sessions alone a bucket is for; undefined where it is for all, or not configured. */
export const regimeOfBucket = (config: Configured, bucket: string): MarketRegime | undefined =>
  bucket === DEFAULT_BUCKET || Object.hasOwn(config.buckets, bucket) ? trainingOfBucket(config, bucket).environment.regime : undefined;

/** The kinds that are handed on where nobody says which. */
export const configuredKinds = ({ transfer }: ProgressiveConfig): TransferKind[] => {
  const { features: featureImportance, distillation, periodicEpisodes } = transfer;
  const chosen = { ...transfer, featureImportance, distillation: distillation || periodicEpisodes !== null };
  return transferKinds.filter((kind) => chosen[kind]);
};

/** What a model of another bucket hands on. Trainings that began before it was settled what that is know nothing of horizons. */
export const handOnPlan = (
  progressive: ProgressiveConfig,
  { bundle, kinds, horizons = [], repeatEvery }: Pick<HandedOn, 'bundle' | 'kinds' | 'horizons' | 'repeatEvery'>,
): TransferPlan => {
  const { weightAlpha, featureAlpha, horizonAlpha } = progressive.transfer;
  const handed = kinds ?? configuredKinds(progressive).filter((kind) => kind !== 'horizons');
  return {
    source: bundle,
    kinds: handed,
    shares: { weights: weightAlpha, featureImportance: featureAlpha, horizons: handed.includes('horizons') ? horizonAlpha : 0 },
    ...(horizons.length === 0 ? {} : { horizons }),
    ...(repeatEvery === undefined ? {} : { repeatEvery }),
  };
};

/** Episodes that a bucket trains for. */
export const episodesOf = (
  { buckets, progressive: { episodes, episodesPerBucket, maxEpisodes } }: Pick<RatchetConfig, 'buckets' | 'progressive'>,
  bucket: string,
  asked?: number,
): number => Math.min(asked ?? ofBucket(episodes, buckets, bucket) ?? episodesPerBucket, maxEpisodes);

/** What is said of a bucket by its name, or else by the name of all its regimes. */
export const ofBucket = <T>(said: Readonly<Record<string, T>>, buckets: RatchetConfig['buckets'], bucket: string): T | undefined =>
  said[bucket] ?? Object.entries(said).find(([name]) => bucketsNamed(buckets, name).includes(bucket))?.[1];

/** A bucket's training for `episodes` sessions of `barsPerSession` bars, but at least `minGradientSteps`; exploration ends after three quarters. */
export const forEpisodes = (
  training: TrainingConfig,
  episodes: number,
  barsPerSession: number,
  minGradientSteps: number,
): TrainingConfig => {
  const warmUpSteps = Math.min(10_000, Math.ceil(minGradientSteps * training.trainEvery * 0.1));
  const trainSteps = Math.max(Math.ceil(episodes * barsPerSession), minGradientSteps * training.trainEvery + warmUpSteps);
  return {
    ...training,
    trainSteps,
    warmUpSteps: training.warmUpSteps ?? warmUpSteps,
    epsilon: { ...training.epsilon, decaySteps: Math.min(training.epsilon.decaySteps, Math.ceil(trainSteps * 0.75)) },
  };
};
