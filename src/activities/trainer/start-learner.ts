import { z } from 'zod';
import type { TrainingConfig } from '../../config/training.js';
import type { ArtifactStore, Logger } from '../../domain/ports.js';
import type { TrainingJob } from '../../domain/trainer-protocol.js';
import { createLearner } from '../../learning/create-learner.js';
import type { Learner, NamedTensor } from '../../learning/learner.js';
import type { FeatureMatrix } from '../../learning/observation.js';
import { createRandom } from '../../learning/random.js';
import { readTensors } from '../../learning/safetensors.js';
import { ParentUnfit, shrinkAndPerturb } from '../../learning/transfer/shrink-and-perturb.js';

export interface StartedLearner {
  readonly learner: Learner;
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
  const { agent, environment, batchSize, parallelEpisodes, seed, parentShare } = config;
  const learner = await createLearner({
    agent,
    features,
    lookback: environment.lookback,
    bins: { price: environment.priceBins, quantity: environment.quantityBins },
    batchSize,
    actBatch: parallelEpisodes,
    random: createRandom(seed, 'weights'),
    logger,
  });
  if (parent === null) return { learner, parent };
  try {
    learner.load(shrinkAndPerturb(learner.state(), await parentTensors(parent, artifacts), parentShare));
    return { learner, parent };
  } catch (error) {
    if (!(error instanceof ParentUnfit)) throw error;
    logger.warn('training starts from scratch: the parent does not fit', { parent, reason: error.message });
    return { learner, parent: null };
  }
};

const bundleWeights = z.object({ weights: z.string() });

const parentTensors = async (bundle: string, artifacts: ArtifactStore): Promise<NamedTensor[]> => {
  const { weights } = bundleWeights.parse(JSON.parse(new TextDecoder().decode(await artifacts.get(bundle))));
  return readTensors(await artifacts.get(weights));
};
