import { minibatchSize, createPqnTrainer } from '../../../src/learning/pqn/create-pqn-trainer.js';
import { createReturnLearner } from '../../../src/learning/pqn/create-return-learner.js';
import type { TrainingConfig } from '../../../src/config/sections/training.js';
import { createLearner, type LearnerOptions } from '../../../src/learning/create-learner.js';
import type { Learner } from '../../../src/learning/learner.js';
import { createRandom } from '../../../src/learning/random.js';
import { createTrainer, type Trainer, type TrainingFigures } from '../../../src/learning/trainer/create-trainer.js';
import { greedily } from '../greedily.js';
import { createJointLearner } from './joint-learner.js';
import type { Market } from './market.js';

export interface VariantResult {
  /** Annual Sharpe ratio on the held-out sessions over that of the known optimum. */
  readonly share: number;
  readonly trainingSeconds: number;
  /** At the end of training. */
  readonly figures: TrainingFigures;
}

/** Trains an agent on a market and plays it greedily on the held-out sessions; `joint` with one branch of all pairs. */
export const trainVariant = async (market: Market, config: TrainingConfig, joint: boolean): Promise<VariantResult> => {
  const { environment: task, agent, parallelEpisodes, seed } = config;
  const { matrix, ...prepared } = market.prepare(config);
  const bins = { price: task.priceBins, quantity: task.quantityBins };
  const create = joint ? createJointLearner : createLearner;
  const options = (actBatch: number): LearnerOptions => ({
    agent,
    features: matrix,
    lookback: task.lookback,
    bins,
    batchSize: agent.algorithm === 'pqn' ? minibatchSize(config) : config.batchSize,
    actBatch,
    random: createRandom(seed, 'weights'),
  });
  const began = performance.now();
  let trainer: Trainer;
  let learner: Pick<Learner, 'state' | 'dispose'>;
  if (agent.algorithm === 'pqn') {
    const created = await createReturnLearner(options(parallelEpisodes));
    [learner, trainer] = [created, createPqnTrainer({ learner: created, config, ...prepared })];
  } else {
    const created = await create(options(parallelEpisodes));
    [learner, trainer] = [created, createTrainer({ learner: created, config, ...prepared })];
  }
  while (trainer.step() < config.trainSteps) trainer.advance();
  const trainingSeconds = (performance.now() - began) / 1_000;
  const figures = trainer.figures();
  const initial = learner.state();
  learner.dispose();

  const plain = { ...options(market.heldOutSessions), initial };
  const player = agent.algorithm === 'pqn' ? await createReturnLearner(plain) : await create(plain);
  const sharpe = await market.sharpe(greedily(player, task));
  player.dispose();
  return { share: sharpe / market.optimum, trainingSeconds, figures };
};
