import type { TrainingConfig } from '../../config/sections/training.js';
import type { ArtifactStore, Logger } from '../../domain/ports.js';
import type { TrainingJob } from '../../domain/training/trainer-protocol.js';
import type { TransferPlan } from '../../domain/transfer/plan.js';
import { createLearner } from '../../learning/create-learner.js';
import { readModelBundle } from '../../learning/export/model-bundle.js';
import type { Learner } from '../../learning/learner.js';
import type { FeatureMatrix } from '../../learning/observation.js';
import { minibatchSize } from '../../learning/pqn/create-pqn-trainer.js';
import { createReturnLearner, type ReturnLearner } from '../../learning/pqn/create-return-learner.js';
import { createRandom } from '../../learning/random.js';
import { readTensors } from '../../learning/safetensors.js';
import type { HorizonWeight } from '../../domain/transfer/horizons.js';
import { applyTransfer, type KnowledgeSource, type TransferTarget } from '../../learning/transfer/apply-transfer.js';
import { teacherFor, type Teacher } from '../../learning/transfer/distillation.js';
import { SchemasDiffer } from '../../learning/transfer/input-map.js';
import { ParentUnfit } from '../../learning/transfer/shrink-and-perturb.js';
import { transferWeights, type WeightSource } from '../../learning/transfer/transfer-weights.js';
import { openKnowledge } from './open-knowledge.js';
import type { PreparedTraining } from './prepare-training.js';

/** A learner of the configured algorithm. */
export type AlgorithmLearner =
  { readonly algorithm: 'dqn'; readonly learner: Learner } | { readonly algorithm: 'pqn'; readonly learner: ReturnLearner };

export interface StartedLearner {
  readonly learning: AlgorithmLearner;
  /** Artifact id of the bundle that its weights came from; null from scratch. */
  readonly parent: string | null;
  /** What episodes' horizons are drawn from; null for the configured range. */
  readonly horizons: readonly HorizonWeight[] | null;
}

/**
 * A learner as a run starts with it: fresh; part parent and part fresh; or with what a transfer plan hands on. Inputs are mapped by the names of their features. What does not fit is left out, with a warning.
 */
export const startLearner = async (
  { parent, transfer }: Pick<TrainingJob, 'parent' | 'transfer'>,
  config: TrainingConfig,
  prepared: Pick<PreparedTraining, 'bars' | 'sessions' | 'matrix' | 'schema'>,
  { artifacts, logger }: { readonly artifacts: ArtifactStore; readonly logger: Logger },
): Promise<StartedLearner> => {
  const { matrix, schema } = prepared;
  try {
    const from = parent === null ? null : { ...(await weightsOf(parent, artifacts)), share: config.parentShare };
    if (transfer !== undefined) {
      const knowledge = await openKnowledge(transfer, artifacts, prepared.bars, prepared.sessions);
      return { parent, ...(await taughtLearner(transfer, knowledge, from, config, prepared, logger)) };
    }
    const learning = await freshLearner(config, matrix, logger);
    if (from === null) return { learning, parent, horizons: null };
    const { learner } = learning;
    try {
      learner.load(transferWeights(learner.state(), schema, from, from.share));
    } catch (error) {
      learner.dispose();
      throw error;
    }
    return { learning, parent, horizons: null };
  } catch (error) {
    if (!(error instanceof ParentUnfit || error instanceof SchemasDiffer)) throw error;
    logger.warn('training starts from scratch: what it was to start from does not fit', {
      parent,
      transfer: transfer?.source,
      reason: error.message,
    });
    return { learning: await freshLearner(config, matrix, logger), parent: null, horizons: null };
  }
};

const taughtLearner = async (
  plan: TransferPlan,
  knowledge: KnowledgeSource,
  parent: TransferTarget['parent'],
  config: TrainingConfig,
  { schema, matrix }: Pick<PreparedTraining, 'matrix' | 'schema'>,
  logger: Logger,
): Promise<Omit<StartedLearner, 'parent'>> => {
  const teacher = plan.kinds.includes('distillation') ? teacherFor(knowledge.graph, knowledge.schema, schema, knowledge.means) : undefined;
  const learning = await freshLearner(config, matrix, logger, teacher);
  const { shortestHorizon, horizon: longest } = config.hindsight;
  const { learner } = learning;
  try {
    const target = { fresh: learner.state(), schema, parent, horizons: { shortest: shortestHorizon ?? longest, longest } };
    const { state, outcome, importance, horizons } = applyTransfer(target, knowledge, plan, createRandom(config.seed, 'transfer'));
    learner.load(state);
    logger.info('knowledge handed on', { ...outcome, ...(importance && { importance }) });
    return { learning, horizons };
  } catch (error) {
    learner.dispose();
    throw error;
  }
};

const freshLearner = async (
  config: TrainingConfig,
  features: FeatureMatrix,
  logger: Logger,
  teacher?: Teacher,
): Promise<AlgorithmLearner> => {
  const { agent, environment, batchSize, parallelEpisodes, seed } = config;
  const options = {
    agent,
    features,
    lookback: environment.lookback,
    bins: { price: environment.priceBins, quantity: environment.quantityBins },
    actBatch: parallelEpisodes,
    random: createRandom(seed, 'weights'),
    logger,
    ...(teacher && { teacher }),
  };
  return agent.algorithm === 'pqn'
    ? { algorithm: 'pqn', learner: await createReturnLearner({ ...options, batchSize: minibatchSize(config) }) }
    : { algorithm: 'dqn', learner: await createLearner({ ...options, batchSize }) };
};

const weightsOf = async (bundle: string, artifacts: ArtifactStore): Promise<WeightSource> => {
  const { weights, observation } = readModelBundle(await artifacts.get(bundle));
  return { tensors: readTensors(await artifacts.get(weights)), schema: observation };
};
