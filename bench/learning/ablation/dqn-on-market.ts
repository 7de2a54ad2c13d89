import type { PreparedTraining } from '../../../src/activities/trainer/prepare-training.js';
import type { TrainingConfig } from '../../../src/config/sections/training.js';
import { createLearner, type LearnerOptions } from '../../../src/learning/create-learner.js';
import type { NamedTensor } from '../../../src/learning/learner.js';
import { createRandom } from '../../../src/learning/random.js';
import type { LivedTransitions } from '../../../src/learning/replay/lived-transitions.js';
import { createTrainer } from '../../../src/learning/trainer/create-trainer.js';
import { shrinkAndPerturb } from '../../../src/learning/transfer/shrink-and-perturb.js';
import { greedily } from '../greedily.js';
import type { Market } from './market.js';

export type Weights = readonly NamedTensor[];

/** A learner of the configuration on prepared bars. */
export const dqnOptions = ({ matrix }: PreparedTraining, config: TrainingConfig, actBatch: number): LearnerOptions => ({
  agent: config.agent,
  features: matrix,
  lookback: config.environment.lookback,
  bins: { price: config.environment.priceBins, quantity: config.environment.quantityBins },
  batchSize: config.batchSize,
  actBatch,
  random: createRandom(config.seed, 'weights'),
});

export interface Inherited {
  /** Null to start afresh. */
  readonly parent?: Weights | null;
  /** What is replayed beside the simulated. */
  readonly lived?: LivedTransitions | null;
}

/** The weights after a training, from a parent in part or afresh. */
export const trainDqn = async (
  prepared: PreparedTraining,
  config: TrainingConfig,
  { parent = null, lived = null }: Inherited = {},
): Promise<Weights> => {
  const learner = await createLearner(dqnOptions(prepared, config, config.parallelEpisodes));
  if (parent !== null) learner.load(shrinkAndPerturb(learner.state(), parent, config.parentShare));
  const trainer = createTrainer({ learner, config, ...prepared, lived });
  while (trainer.step() < config.trainSteps) trainer.advance();
  const state = learner.state();
  learner.dispose();
  return state;
};

/** Annual Sharpe ratio of greedy play on the held-out sessions over the optimum's; features are scaled as prepared. Null plays an untrained network. */
export const scoreDqn = async (
  market: Market,
  config: TrainingConfig,
  prepared: PreparedTraining,
  initial: Weights | null,
): Promise<number> => {
  const player = await createLearner({ ...dqnOptions(prepared, config, market.heldOutSessions), ...(initial && { initial }) });
  const sharpe = await market.sharpe(greedily(player, config.environment));
  player.dispose();
  return sharpe / market.optimum;
};
