import { agentConfig, type AgentConfig } from '../../../src/config/sections/training.js';
import { createLearner, type LearnerOptions } from '../../../src/learning/create-learner.js';
import type { Batch, Learner, NamedTensor } from '../../../src/learning/learner.js';
import type { FeatureMatrix } from '../../../src/learning/observation.js';
import { createRandom } from '../../../src/learning/random.js';

/** A learner small enough for tests that step it many times, on 300 bars of noise. */
export const smallLearnerOptions = (agent: Partial<AgentConfig> = {}): LearnerOptions => ({
  agent: agentConfig.parse({ trunk: [16, 12], head: 8, auxiliaryHead: 6, ...agent }),
  features: noiseFeatures(300, 3),
  lookback: 5,
  bins: { price: 5, quantity: 7 },
  batchSize: 16,
  actBatch: 16,
  random: createRandom(7, 'weights'),
});

/** Convolutions over its five bars, of which the strides do not divide them. */
export const convolving: Partial<AgentConfig> = { encoder: 'conv', convolution: [{ stride: 2, channels: 6 }, { stride: 2, channels: 5 }] }; // prettier-ignore

/** A learner of `smallLearnerOptions` for the length of `use`. */
export const withLearner = async <T>(options: Partial<LearnerOptions>, use: (learner: Learner) => T): Promise<Awaited<T>> => {
  const learner = await createLearner({ ...smallLearnerOptions(), ...options });
  try {
    return await use(learner);
  } finally {
    learner.dispose();
  }
};

export const noiseFeatures = (rows: number, width: number): FeatureMatrix => {
  const random = createRandom(3, 'features');
  return {
    names: Array.from({ length: width }, (_, i) => `feature${i}`),
    rows,
    values: Float32Array.from({ length: rows * width }, () => random.normal()),
    firstValid: 0,
  };
};

/** Batches in which nothing is special, the n-th always the same. */
export const noiseBatches = (count: number, { batchSize, features, bins }: LearnerOptions): Batch[] => {
  const random = createRandom(11, 'batches');
  const floats = (length: number, draw: () => number) => Float32Array.from({ length }, draw);
  const ints = (bound: number) => Int32Array.from({ length: batchSize }, () => random.integer(bound));
  return Array.from({ length: count }, () => ({
    bars: ints(features.rows),
    privateState: floats(batchSize * 4, () => 2 * random.uniform() - 1),
    nextBars: ints(features.rows),
    nextPrivateState: floats(batchSize * 4, () => 2 * random.uniform() - 1),
    price: ints(bins.price),
    quantity: ints(bins.quantity),
    reward: floats(batchSize, () => random.normal()),
    discount: floats(batchSize, () => (random.uniform() < 0.2 ? 0 : 0.97)),
    weight: floats(batchSize, () => random.uniform()),
    volatility: floats(batchSize, () => 2 * random.uniform()),
  }));
};

/** Largest |a - b| of each tensor beside the largest |a| in it. */
export const relativeDifferences = (a: readonly NamedTensor[], b: readonly NamedTensor[]): { name: string; difference: number }[] =>
  a.map(({ name, values }, i) => {
    const other = b[i]!.values;
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const gap = values.reduce((most, value, k) => Math.max(most, Math.abs(value - other[k]!)), 0);
    return { name, difference: gap === 0 ? 0 : gap / largest };
  });
