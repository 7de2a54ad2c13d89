import type { AgentConfig } from '../config/sections/training.js';
import type { RandomStream } from '../domain/ports.js';
import type { NamedTensor } from './learner.js';

/** A dense layer: ReLU(x W + b), or x W + b where it is the last of a head. W is [inputs, outputs]. */
export interface Layer {
  /** Such as `trunk/0`; its tensors are `trunk/0/weight`, `trunk/0/bias`, and those of what follows. */
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly relu: boolean;
  /** Normalised over its outputs before the ReLU, times `gain`, plus `shift`. */
  readonly normalised: boolean;
  /** Weights and biases vary by `weightNoise` and `biasNoise` times noise while exploring. */
  readonly noisy: boolean;
}

/**
 * The branching dueling Q-network (Tavakoli, Pardo & Kormushev 2018): a shared trunk, a value head, a head per action branch, and one that
 * predicts volatility. With quantiles (Dabney et al. 2018) value and branch heads have that many outputs for each of the usual, side by side.
 */
export interface Network {
  readonly trunk: readonly Layer[];
  /** Empty for a network that is not dueling: its branches give Q-values as they are. */
  readonly value: readonly Layer[];
  /** Heads by branch, in the order in which everything lists them. */
  readonly branches: Readonly<Record<string, readonly Layer[]>>;
  /** Empty for a network without the auxiliary head. */
  readonly volatility: readonly Layer[];
  /** Bins of each branch. */
  readonly bins: Branches;
  /** Quantiles of the return by bin; null where its mean alone is estimated. */
  readonly quantiles: Quantiles | null;
}

/** Number of bins by name of the branch. */
export type Branches = Readonly<Record<string, number>>;

export interface Quantiles {
  readonly count: number;
  /** Bins are chosen by the mean of so many of the lowest. */
  readonly actedOn: number;
}

/** The options that make the network's shape. */
export type NetworkShape = Pick<
  AgentConfig,
  'trunk' | 'head' | 'auxiliaryHead' | 'dueling' | 'layerNorm' | 'quantiles' | 'cvar' | 'exploration'
>;

/** The network of an agent; without the `auxiliary` head where a task has nothing for it to predict. */
export const createNetwork = (agent: NetworkShape, observationSize: number, bins: Branches, auxiliary = true): Network => {
  const width = agent.trunk.at(-1)!;
  const noisy = agent.exploration === 'noisy';
  const outputsEach = Math.max(1, agent.quantiles);
  const head = (name: string, hidden: number, outputs: number, kind: Pick<Layer, 'noisy'>): Layer[] => [
    ...layers(name, width, hidden === 0 ? [] : [hidden], { normalised: false, ...kind }),
    { name: `${name}/${hidden === 0 ? 0 : 1}`, inputs: hidden === 0 ? width : hidden, outputs, relu: false, normalised: false, ...kind },
  ];
  return {
    trunk: layers('trunk', observationSize, agent.trunk, { normalised: agent.layerNorm, noisy: false }),
    value: agent.dueling ? head('value', agent.head, outputsEach, { noisy }) : [],
    branches: Object.fromEntries(
      Object.entries(bins).map(([branch, count]) => [branch, head(branch, agent.head, count * outputsEach, { noisy })]),
    ),
    volatility: auxiliary ? head('volatility', agent.auxiliaryHead, 1, { noisy: false }) : [],
    bins: { ...bins },
    quantiles: agent.quantiles === 0 ? null : { count: agent.quantiles, actedOn: Math.ceil(agent.cvar * agent.quantiles) },
  };
};

const layers = (name: string, inputs: number, widths: readonly number[], kind: Pick<Layer, 'normalised' | 'noisy'>): Layer[] =>
  widths.map((outputs, i) => ({ name: `${name}/${i}`, inputs: i === 0 ? inputs : widths[i - 1]!, outputs, relu: true, ...kind }));

export const allLayers = ({ trunk, value, branches, volatility }: Network): Layer[] => [
  ...trunk,
  ...value,
  ...Object.values(branches).flat(),
  ...volatility,
];

/** Shapes of all parameters by name, in the order in which everything lists them. */
export const parameterShapes = (network: Network): Record<string, readonly number[]> =>
  Object.fromEntries(
    allLayers(network).flatMap(({ name, inputs, outputs, normalised, noisy }) => {
      const shapes: Readonly<Record<string, readonly number[]>> = {
        weight: [inputs, outputs],
        bias: [outputs],
        ...(normalised ? { gain: [outputs], shift: [outputs] } : {}),
        ...(noisy ? { weightNoise: [inputs, outputs], biasNoise: [outputs] } : {}),
      };
      return Object.entries(shapes).map(([kind, shape]) => [`${name}/${kind}`, shape] as const);
    }),
  );

/** Share of He's standard deviation that the last layer of a head starts with, so that the first Q-values are small beside the rewards. */
const OUTPUT_GAIN = 0.01;

/** Noise of fresh weights times the square root of the inputs (Fortunato et al. 2018, factorised noise). */
const NOISE = 0.5;

/**
 * Fresh parameters: weights normal with standard deviation sqrt(2 / inputs) (He et al. 2015), in the output layers a hundredth of that;
 * gains 1, noise 0.5 / sqrt(inputs), everything else 0.
 */
export const initialParameters = (network: Network, random: RandomStream): NamedTensor[] => {
  const layerOf = new Map(allLayers(network).map((layer) => [layer.name, layer]));
  return Object.entries(parameterShapes(network)).map(([name, shape]) => {
    const slash = name.lastIndexOf('/');
    const { inputs, relu } = layerOf.get(name.slice(0, slash))!;
    const length = shape.reduce((size, side) => size * side, 1);
    const deviation = Math.sqrt(2 / inputs) * (relu ? 1 : OUTPUT_GAIN);
    const kinds: Readonly<Record<string, () => Float32Array>> = {
      weight: () => Float32Array.from({ length }, () => random.normal() * deviation),
      gain: () => new Float32Array(length).fill(1),
      weightNoise: () => new Float32Array(length).fill(NOISE / Math.sqrt(inputs)),
      biasNoise: () => new Float32Array(length).fill(NOISE / Math.sqrt(inputs)),
    };
    return { name, shape, values: (kinds[name.slice(slash + 1)] ?? (() => new Float32Array(length)))() };
  });
};
