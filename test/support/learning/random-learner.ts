import { agentConfig, type AgentConfig } from '../../../src/config/sections/training.js';
import type { LearnerOptions } from '../../../src/learning/create-learner.js';
import { createRandom } from '../../../src/learning/random.js';
import { noiseFeatures } from './learner.js';

/** A DQN of a random shape, with random options and sizes, the n-th always the same. */
export const randomLearnerOptions = (n: number): LearnerOptions => {
  const random = createRandom(n, 'random learner');
  const between = (least: number, most: number): number => least + random.integer(most - least + 1);
  const chance = (): boolean => random.uniform() < 0.5;
  const quantiles = chance() ? between(2, 9) : 0;
  const encoder = n % 5 === 0 ? randomEncoder(n) : {};
  return {
    agent: agentConfig.parse({
      ...encoder,
      trunk: Array.from({ length: between(1, 3) }, () => between(2, 64)),
      head: chance() ? between(1, 32) : 0,
      auxiliaryHead: chance() ? between(1, 16) : 0,
      layerNorm: chance(),
      dueling: n % 4 !== 0,
      quantiles,
      cvar: quantiles > 0 && chance() ? 0.1 + 0.9 * random.uniform() : 1,
      exploration: chance() ? 'noisy' : 'epsilon',
      targetEvery: chance() ? between(1, 4) : 0,
      learningRate: 10 ** -(2 + 2 * random.uniform()),
      polyak: random.uniform() + 0.001,
      gradientClip: 10 ** (2 * random.uniform() - 1),
      huberDelta: 0.2 + 2 * random.uniform(),
      auxiliaryWeight: random.uniform(),
      weightDecay: chance() ? random.uniform() : 0,
    }),
    features: noiseFeatures(300, between(1, 6)),
    lookback: between(1, 12),
    bins: { price: 2 * between(1, 10) + 1, quantity: 2 * between(1, 5) + 1 },
    batchSize: between(1, 96),
    actBatch: 16,
    random: createRandom(n, 'weights'),
  };
};

/** One to three convolutions, of which the strides need not divide the look-back; from a stream of their own, so that the other nets stay what they are. */
const randomEncoder = (n: number): Partial<AgentConfig> => {
  const random = createRandom(n, 'random encoder');
  return {
    encoder: 'conv',
    convolution: Array.from({ length: 1 + random.integer(3) }, () => ({ stride: 1 + random.integer(4), channels: 1 + random.integer(12) })),
  };
};
