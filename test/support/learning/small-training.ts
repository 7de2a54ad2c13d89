import { trainingConfig, type TrainingConfig } from '../../../src/config/sections/training.js';
import { createEnvironment, type Environment } from '../../../src/learning/environment/create-environment.js';
import { tradableSessions } from '../../../src/learning/environment/sessions.js';
import type { LivedTransitions } from '../../../src/learning/replay/lived-transitions.js';
import { createTrainer, type Trainer } from '../../../src/learning/trainer/create-trainer.js';
import { rewardScale } from '../../../src/learning/trainer/reward-scale.js';
import { volatilityTarget } from '../../../src/learning/trainer/volatility-target.js';
import { createLinearLearner } from './linear-learner.js';
import { costlyInstrument, randomBars } from '../market/random-bars.js';

/** A training of seconds: every mechanism on, little of each. */
export const smallTrainingConfig = (more: object = {}): TrainingConfig =>
  trainingConfig.parse({
    seed: 7,
    trainSteps: 4_000,
    parallelEpisodes: 4,
    batchSize: 16,
    bufferSize: 1_000,
    warmUpSteps: 100,
    epsilon: { decaySteps: 2_000 },
    hindsight: { horizon: 5 },
    checkpointEvery: 500,
    ...more,
  });

export const smallEnvironment = (config: TrainingConfig): Environment => {
  const bars = randomBars({ seed: 12, sessions: 6, barsPerSession: 40 });
  return createEnvironment({
    bars,
    instrument: costlyInstrument,
    config: config.environment,
    sessions: tradableSessions(bars, { from: 0, to: bars.length }, 0),
    lanes: config.parallelEpisodes,
    horizon: config.hindsight.horizon,
    hindsightWeight: config.hindsight.weight,
  });
};

/** A trainer over random bars with the linear learner. */
export const smallTrainer = (config: TrainingConfig = smallTrainingConfig(), lived: LivedTransitions | null = null): Trainer => {
  const bars = randomBars({ seed: 12, sessions: 6, barsPerSession: 40 });
  const environment = smallEnvironment(config);
  const feature = Float32Array.from({ length: bars.length }, (_, i) => (i === 0 ? 0 : (bars.close[i]! - bars.close[i - 1]!) / 4));
  return createTrainer({
    learner: createLinearLearner({
      bins: { price: config.environment.priceBins, quantity: config.environment.quantityBins },
      actBatch: config.parallelEpisodes,
      batchSize: config.batchSize,
      feature,
    }),
    environment,
    config,
    lived,
    volatility: volatilityTarget(bars, environment.sessions, config.hindsight.horizon),
    rewardScale: rewardScale(bars, environment.sessions, config.environment.maxPosition),
  });
};
