import * as tf from '@tensorflow/tfjs';
import type { AgentConfig } from '../config/training.js';
import type { ActionBins } from '../domain/action-codec.js';
import type { RandomStream } from '../domain/ports.js';
import type { NamedTensor } from './learner.js';

/** A dense layer: ReLU(x W + b), or x W + b where it is the last of a head. W is [inputs, outputs]. */
export interface Layer {
  /** Such as `trunk/0`; its tensors are `trunk/0/weight` and `trunk/0/bias`. */
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly relu: boolean;
}

/** The branching dueling Q-network (Tavakoli, Pardo & Kormushev 2018): a shared trunk, a value head, a head per action branch, and one that predicts volatility. */
export interface Network {
  readonly trunk: readonly Layer[];
  readonly value: readonly Layer[];
  readonly price: readonly Layer[];
  readonly quantity: readonly Layer[];
  readonly volatility: readonly Layer[];
}

export const createNetwork = (
  agent: Pick<AgentConfig, 'trunk' | 'head' | 'auxiliaryHead'>,
  observationSize: number,
  bins: ActionBins,
): Network => {
  const width = agent.trunk.at(-1)!;
  const head = (name: string, hidden: number, outputs: number): Layer[] => [
    ...layers(name, width, hidden === 0 ? [] : [hidden]),
    { name: `${name}/${hidden === 0 ? 0 : 1}`, inputs: hidden === 0 ? width : hidden, outputs, relu: false },
  ];
  return {
    trunk: layers('trunk', observationSize, agent.trunk),
    value: head('value', agent.head, 1),
    price: head('price', agent.head, bins.price),
    quantity: head('quantity', agent.head, bins.quantity),
    volatility: head('volatility', agent.auxiliaryHead, 1),
  };
};

const layers = (name: string, inputs: number, widths: readonly number[]): Layer[] =>
  widths.map((outputs, i) => ({ name: `${name}/${i}`, inputs: i === 0 ? inputs : widths[i - 1]!, outputs, relu: true }));

export const allLayers = ({ trunk, value, price, quantity, volatility }: Network): Layer[] => [
  ...trunk,
  ...value,
  ...price,
  ...quantity,
  ...volatility,
];

/** Shapes of all parameters by name, in the order in which everything lists them. */
export const parameterShapes = (network: Network): Record<string, readonly number[]> =>
  Object.fromEntries(
    allLayers(network).flatMap(({ name, inputs, outputs }) => [
      [`${name}/weight`, [inputs, outputs]],
      [`${name}/bias`, [outputs]],
    ]),
  );

/** Share of He's standard deviation that the last layer of a head starts with, so that the first Q-values are small beside the rewards. */
const OUTPUT_GAIN = 0.01;

/** Fresh parameters: weights normal with standard deviation sqrt(2 / inputs) (He et al. 2015), in the output layers a hundredth of that; biases 0. */
export const initialParameters = (network: Network, random: RandomStream): NamedTensor[] =>
  allLayers(network).flatMap(({ name, inputs, outputs, relu }) => {
    const deviation = Math.sqrt(2 / inputs) * (relu ? 1 : OUTPUT_GAIN);
    return [
      {
        name: `${name}/weight`,
        shape: [inputs, outputs],
        values: Float32Array.from({ length: inputs * outputs }, () => random.normal() * deviation),
      },
      { name: `${name}/bias`, shape: [outputs], values: new Float32Array(outputs) },
    ];
  });

/** What the network says of n observations. */
export interface Predictions {
  /** Q-values [n, price bins]. */
  readonly price: tf.Tensor;
  /** Q-values [n, quantity bins]. */
  readonly quantity: tf.Tensor;
  /** [n]. */
  readonly volatility: tf.Tensor;
}

/** Applies the network, with parameters found by name, to observations [n, size]; `betweenTrunkAndHeads` may change how the gradient flows there. */
export const predict = (
  network: Network,
  parameter: (name: string) => tf.Tensor,
  observations: tf.Tensor,
  betweenTrunkAndHeads: (features: tf.Tensor) => tf.Tensor = (features) => features,
): Predictions => {
  const apply = (input: tf.Tensor, stack: readonly Layer[]): tf.Tensor =>
    stack.reduce((x, { name, relu }) => {
      const y = tf.add(tf.matMul(x, parameter(`${name}/weight`)), parameter(`${name}/bias`));
      return relu ? tf.relu(y) : y;
    }, input);
  const features = betweenTrunkAndHeads(apply(observations, network.trunk));
  const value = apply(features, network.value);
  const dueling = (head: readonly Layer[]): tf.Tensor => {
    const advantage = apply(features, head);
    return tf.add(value, tf.sub(advantage, tf.mean(advantage, 1, true)));
  };
  return {
    price: dueling(network.price),
    quantity: dueling(network.quantity),
    volatility: tf.squeeze(apply(features, network.volatility), [1]),
  };
};
