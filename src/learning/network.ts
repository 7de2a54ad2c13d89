import type { AgentConfig } from '../config/sections/training.js';
import { PRIVATE_STATE } from '../domain/agent/observation.js';
import type { RandomStream } from '../domain/ports.js';
import type { NamedTensor } from './learner.js';

/** A dense layer: ReLU(x W + b), or x W + b where it is the last of a head. W is [inputs, outputs]. */
export interface Layer {
  /** Such as `trunk/0`; its tensors are `trunk/0/weight`, `trunk/0/bias`, and those of what follows. */
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  /** Times that it is applied, side by side: a convolution to each patch of its input, [n, patches × inputs] to [n, patches × outputs]; 1 for all others. */
  readonly patches: number;
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
  /** What stands before the trunk; null where that sees the observation itself. */
  readonly encoder: Encoder | null;
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

/**
 * Convolutions over the window that an observation begins with; what follows the window goes past them to the trunk. A kernel is as long as its
 * stride, so that each layer is one matrix product over patches, whose gradient every backend has.
 */
export interface Encoder {
  readonly layers: readonly Layer[];
  /** The window: rows, oldest first, of so many numbers each. */
  readonly rows: number;
  readonly columns: number;
  /** Copies of the oldest row that are put before it, so that the strides divide the rows. */
  readonly padding: number;
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
  'encoder' | 'convolution' | 'trunk' | 'head' | 'auxiliaryHead' | 'dueling' | 'layerNorm' | 'quantiles' | 'cvar' | 'exploration'
>;

export interface NetworkOptions {
  /** Whether the task has something for the auxiliary head to predict; true unless given. */
  readonly auxiliary?: boolean;
  /** Rows of the window that an observation begins with, before the private state; null, the default, for observations without one. */
  readonly lookback?: number | null;
}

/** The network of an agent. Throws `RangeError` where it is to convolve over a window and observations have none. */
export const createNetwork = (
  agent: NetworkShape,
  observationSize: number,
  bins: Branches,
  { auxiliary = true, lookback = null }: NetworkOptions = {},
): Network => {
  const encoder = agent.encoder === 'conv' ? createEncoder(agent, observationSize, lookback) : null;
  const width = agent.trunk.at(-1)!;
  const noisy = agent.exploration === 'noisy';
  const outputsEach = Math.max(1, agent.quantiles);
  const head = (name: string, hidden: number, outputs: number, kind: Pick<Layer, 'noisy'>): Layer[] => [
    ...layers(name, width, hidden === 0 ? [] : [hidden], { normalised: false, ...kind }),
    {
      name: `${name}/${hidden === 0 ? 0 : 1}`,
      inputs: hidden === 0 ? width : hidden,
      outputs,
      patches: 1,
      relu: false,
      normalised: false,
      ...kind,
    },
  ];
  return {
    encoder,
    trunk: layers('trunk', encoder === null ? observationSize : encodedSize(encoder) + PRIVATE_STATE.length, agent.trunk, {
      normalised: agent.layerNorm,
      noisy: false,
    }),
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
  widths.map((outputs, i) => ({
    name: `${name}/${i}`,
    inputs: i === 0 ? inputs : widths[i - 1]!,
    outputs,
    patches: 1,
    relu: true,
    ...kind,
  }));

const createEncoder = (
  { convolution, layerNorm }: Pick<NetworkShape, 'convolution' | 'layerNorm'>,
  observationSize: number,
  lookback: number | null,
): Encoder => {
  const columns = (observationSize - PRIVATE_STATE.length) / (lookback ?? NaN);
  if (lookback === null || !Number.isInteger(columns))
    throw new RangeError(
      `encoder conv cannot see a window of ${lookback ?? 'no'} rows in an observation of ${observationSize} numbers: expected whole rows and ${PRIVATE_STATE.length} numbers more; set training.agent.encoder to dense`,
    );
  const reach = convolution.reduce((product, { stride }) => product * stride, 1);
  const padding = (reach - (lookback % reach)) % reach;
  let [rows, width] = [lookback + padding, columns];
  const layers = convolution.map(({ stride, channels }, i): Layer => {
    const inputs = stride * width;
    [rows, width] = [rows / stride, channels];
    return { name: `encoder/${i}`, inputs, outputs: channels, patches: rows, relu: true, normalised: layerNorm, noisy: false };
  });
  return { layers, rows: lookback, columns, padding };
};

/** Numbers that the last convolution says. */
const encodedSize = ({ layers }: Encoder): number => layers.at(-1)!.patches * layers.at(-1)!.outputs;

export const allLayers = ({ encoder, trunk, value, branches, volatility }: Network): Layer[] => [
  ...(encoder?.layers ?? []),
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

/** Standard deviation of a layer's fresh weights: sqrt(2 / inputs) (He et al. 2015), in an output layer a hundredth of that. */
export const freshDeviation = ({ inputs, relu }: Layer): number => Math.sqrt(2 / inputs) * (relu ? 1 : OUTPUT_GAIN);

/** Noise of a noisy layer's fresh weights and biases: 0.5 / sqrt(inputs) (Fortunato et al. 2018, factorised noise). */
export const freshNoise = ({ inputs }: Layer): number => 0.5 / Math.sqrt(inputs);

/** Fresh parameters: weights normal with deviation `freshDeviation`, gains 1, noise `freshNoise`, everything else 0. */
export const initialParameters = (network: Network, random: RandomStream): NamedTensor[] => {
  const layerOf = new Map(allLayers(network).map((layer) => [layer.name, layer]));
  return Object.entries(parameterShapes(network)).map(([name, shape]) => {
    const slash = name.lastIndexOf('/');
    const layer = layerOf.get(name.slice(0, slash))!;
    const length = shape.reduce((size, side) => size * side, 1);
    const deviation = freshDeviation(layer);
    const kinds: Readonly<Record<string, () => Float32Array>> = {
      weight: () => Float32Array.from({ length }, () => random.normal() * deviation),
      gain: () => new Float32Array(length).fill(1),
      weightNoise: () => new Float32Array(length).fill(freshNoise(layer)),
      biasNoise: () => new Float32Array(length).fill(freshNoise(layer)),
    };
    return { name, shape, values: (kinds[name.slice(slash + 1)] ?? (() => new Float32Array(length)))() };
  });
};
