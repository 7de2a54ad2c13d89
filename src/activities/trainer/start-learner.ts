import { z } from 'zod';
import type { TrainingConfig } from '../../config/training.js';
import type { ArtifactStore, Logger } from '../../domain/ports.js';
import type { TrainingJob } from '../../domain/trainer-protocol.js';
import { createLearner } from '../../learning/create-learner.js';
import type { Learner, NamedTensor } from '../../learning/learner.js';
import type { FeatureMatrix } from '../../learning/observation.js';
import { minibatchSize } from '../../learning/pqn/create-pqn-trainer.js';
import { createReturnLearner, type ReturnLearner } from '../../learning/pqn/create-return-learner.js';
import { createRandom } from '../../learning/random.js';
import { readTensors } from '../../learning/safetensors.js';
import { ParentUnfit, shrinkAndPerturb } from '../../learning/transfer/shrink-and-perturb.js';

/** A learner of the configured algorithm. */
export type AlgorithmLearner =
  { readonly algorithm: 'dqn'; readonly learner: Learner } | { readonly algorithm: 'pqn'; readonly learner: ReturnLearner };

export interface StartedLearner {
  readonly learning: AlgorithmLearner;
  /** Artifact id of the bundle that its weights came from; null from scratch. */
  readonly parent: string | null;
}

/** A learner as a run starts with it: fresh, or part parent and part fresh. A parent of another shape is left out, with a warning. */
export const startLearner = async (
  { parent }: Pick<TrainingJob, 'parent'>,
  config: TrainingConfig,
  features: FeatureMatrix,
  { artifacts, logger }: { readonly artifacts: ArtifactStore; readonly logger: Logger },
): Promise<StartedLearner> => {
  const learning = await freshLearner(config, features, logger);
  if (parent === null) return { learning, parent };
  const { learner } = learning;
  try {
    learner.load(shrinkAndPerturb(learner.state(), await parentTensors(parent, artifacts), config.parentShare));
    return { learning, parent };
  } catch (error) {
    if (!(error instanceof ParentUnfit)) throw error;
    logger.warn('training starts from scratch: the parent does not fit', { parent, reason: error.message });
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

const bundleWeights = z.object({ weights: z.string() });

const parentTensors = async (bundle: string, artifacts: ArtifactStore): Promise<NamedTensor[]> => {
  const { weights } = bundleWeights.parse(JSON.parse(new TextDecoder().decode(await artifacts.get(bundle))));
  return readTensors(await artifacts.get(weights));
};
