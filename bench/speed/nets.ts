import { agentConfig } from '../../src/config/sections/training.js';
import type { LearnerOptions } from '../../src/learning/create-learner.js';
import type { Batch } from '../../src/learning/learner.js';
import { allLayers, createNetwork } from '../../src/learning/network.js';
import { createRandom } from '../../src/learning/random.js';

const BATCH = 256;
const BARS = 20_000;

/** The nets of the promise: 200-256-128 with heads of one layer, and 1324-256-256-256 with hidden head layers; `calls` take a quarter of a second or so. */
export const NETS = [
  { name: '200-256-128', features: 14, lookback: 14, trunk: [256, 128], head: 0, auxiliaryHead: 0, calls: 60 },
  { name: '1324-256-256-256', features: 11, lookback: 120, trunk: [256, 256, 256], head: 256, auxiliaryHead: 128, calls: 20 },
] as const;

export type Net = (typeof NETS)[number];

/** A learner of one of the nets, on bars of noise. */
export const learnerOptions = ({ features, lookback, trunk, head, auxiliaryHead }: Omit<Net, 'name' | 'calls'>): LearnerOptions => {
  const random = createRandom(1, 'features');
  return {
    agent: agentConfig.parse({ trunk: [...trunk], head, auxiliaryHead }),
    features: {
      names: Array.from({ length: features }, (_, i) => `feature${i}`),
      rows: BARS,
      values: Float32Array.from({ length: BARS * features }, () => random.normal()),
      firstValid: 0,
    },
    lookback,
    bins: { price: 21, quantity: 11 },
    batchSize: BATCH,
    actBatch: 16,
    random: createRandom(2, 'weights'),
  };
};

/** A batch in which nothing is special, by its seed. */
export const randomBatch = (seed: number): Batch => {
  const random = createRandom(seed, 'batch');
  const floats = (length: number) => Float32Array.from({ length }, () => random.uniform());
  const ints = (bound: number) => Int32Array.from({ length: BATCH }, () => random.integer(bound));
  return {
    bars: ints(BARS),
    privateState: floats(4 * BATCH),
    nextBars: ints(BARS),
    nextPrivateState: floats(4 * BATCH),
    price: ints(21),
    quantity: ints(11),
    reward: floats(BATCH),
    discount: floats(BATCH),
    weight: floats(BATCH),
    volatility: floats(BATCH),
  };
};

/**
 * Floating-point operations of the matrix products of one step: forwards of the online network on the states and of both networks on the next ones,
 * where nobody asks for volatility, and backwards twice as many, but for the gradient of the observations.
 */
export const productOperations = (net: Net): number => {
  const { agent, bins } = learnerOptions(net);
  const size = net.features * net.lookback + 4;
  const network = createNetwork(agent, size, { ...bins });
  const weights = (layers: readonly { readonly inputs: number; readonly outputs: number }[]): number =>
    layers.reduce((sum, { inputs, outputs }) => sum + inputs * outputs, 0);
  const [first] = network.trunk;
  const all = weights(allLayers(network));
  return 2 * BATCH * (5 * all - 2 * weights(network.volatility) - weights([first!]));
};
