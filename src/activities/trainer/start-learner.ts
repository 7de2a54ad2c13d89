import type { TrainingConfig } from '../../config/training.js';
import type { ArtifactStore, Logger } from '../../domain/ports.js';
import type { TrainingJob } from '../../domain/trainer-protocol.js';
import { createLearner } from '../../learning/create-learner.js';
import { readModelBundle } from '../../learning/export/model-bundle.js';
import type { Learner } from '../../learning/learner.js';
import type { FeatureMatrix } from '../../learning/observation.js';
import { minibatchSize } from '../../learning/pqn/create-pqn-trainer.js';
import { createReturnLearner, type ReturnLearner } from '../../learning/pqn/create-return-learner.js';
import { createRandom } from '../../learning/random.js';
import { readTensors } from '../../learning/safetensors.js';
import { SchemasDiffer } from '../../learning/transfer/input-map.js';
import { ParentUnfit, shrinkAndPerturb } from '../../learning/transfer/shrink-and-perturb.js';
import { transferWeights, type WeightSource } from '../../learning/transfer/transfer-weights.js';
import type { PreparedTraining } from './prepare-training.js';

/** A learner of the configured algorithm. */
export type AlgorithmLearner =
  { readonly algorithm: 'dqn'; readonly learner: Learner } | { readonly algorithm: 'pqn'; readonly learner: ReturnLearner };

export interface StartedLearner {
  readonly learning: AlgorithmLearner;
  /** Artifact id of the bundle that its weights came from; null from scratch. */
  readonly parent: string | null;
}

/**
 * A learner as a run starts with it: fresh; part parent and part fresh; or part model of another bucket, mapped by feature name, and part fresh. What
 * does not fit is left out, with a warning.
 */
export const startLearner = async (
  { parent, source }: Pick<TrainingJob, 'parent' | 'source'>,
  config: TrainingConfig,
  { matrix, schema }: Pick<PreparedTraining, 'matrix' | 'schema'>,
  { artifacts, logger }: { readonly artifacts: ArtifactStore; readonly logger: Logger },
): Promise<StartedLearner> => {
  const learning = await freshLearner(config, matrix, logger);
  const { learner } = learning;
  try {
    if (source !== null)
      learner.load(transferWeights(learner.state(), schema, await weightsOf(source.bundle, artifacts), source.weightAlpha));
    else if (parent !== null)
      learner.load(shrinkAndPerturb(learner.state(), (await weightsOf(parent, artifacts)).tensors, config.parentShare));
    return { learning, parent };
  } catch (error) {
    if (!(error instanceof ParentUnfit || error instanceof SchemasDiffer)) throw error;
    logger.warn('training starts from scratch: what it was to start from does not fit', { parent, source, reason: error.message });
    return { learning, parent: null };
  }
};

const freshLearner = async (config: TrainingConfig, features: FeatureMatrix, logger: Logger): Promise<AlgorithmLearner> => {
  const { agent, environment, batchSize, parallelEpisodes, seed } = config;
  const options = {
    agent,
    features,
    lookback: environment.lookback,
    bins: { price: environment.priceBins, quantity: environment.quantityBins },
    actBatch: parallelEpisodes,
    random: createRandom(seed, 'weights'),
    logger,
  };
  return agent.algorithm === 'pqn'
    ? { algorithm: 'pqn', learner: await createReturnLearner({ ...options, batchSize: minibatchSize(config) }) }
    : { algorithm: 'dqn', learner: await createLearner({ ...options, batchSize }) };
};

const weightsOf = async (bundle: string, artifacts: ArtifactStore): Promise<WeightSource> => {
  const { weights, observation } = readModelBundle(await artifacts.get(bundle));
  return { tensors: readTensors(await artifacts.get(weights)), schema: observation };
};
