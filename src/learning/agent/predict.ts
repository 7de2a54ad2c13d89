import * as tf from '@tensorflow/tfjs';
import { relu } from '../compiled/fused.js';
import type { Encoder, Layer, Network, Quantiles } from '../network.js';
import type { LayerNoise } from './noise.js';
import { centred, layerNorm } from './own-gradients.js';

/** What the network says of n observations. */
export interface Predictions {
  /** By branch, the values that bins are chosen by [n, bins]: Q-values, or means of the lowest quantiles. */
  readonly values: Readonly<Record<string, tf.Tensor>>;
  /** By branch, what is learned: Q-values [n, bins], or quantiles of the return [n, bins, quantiles]. */
  readonly returns: Readonly<Record<string, tf.Tensor>>;
  /** [n]; null without the auxiliary head. */
  readonly volatility: tf.Tensor | null;
}

export interface PredictOptions {
  /** May change how the gradient flows there. */
  readonly betweenTrunkAndHeads?: (features: tf.Tensor) => tf.Tensor;
  /** Noise of the noisy layers by name; without it they have none. */
  readonly noise?: LayerNoise;
  /** Is shown what each hidden layer says [n, units], a convolution [n × patches, units]. */
  readonly onHidden?: (layer: string, output: tf.Tensor) => void;
}

/** Added to the variance of a layer; what ONNX's operator has as its default. */
const NORM_EPSILON = 1e-5;

/** Applies the network, with parameters found by name, to observations [n, size]. */
export const predict = (
  network: Network,
  parameter: (name: string) => tf.Tensor,
  observations: tf.Tensor,
  { betweenTrunkAndHeads = (features) => features, noise, onHidden }: PredictOptions = {},
): Predictions => {
  const apply = (input: tf.Tensor, stack: readonly Layer[]): tf.Tensor =>
    stack.reduce((x, layer) => {
      const y = product(layer.patches === 1 ? x : tf.reshape(x, [-1, layer.inputs]), layer, parameter, noise);
      const z = layer.normalised ? layerNorm(y, parameter(`${layer.name}/gain`), parameter(`${layer.name}/shift`), NORM_EPSILON) : y;
      const output = layer.relu ? relu(z) : z;
      if (layer.relu) onHidden?.(layer.name, output);
      return layer.patches === 1 ? output : tf.reshape(output, [-1, layer.patches * layer.outputs]);
    }, input);
  const seen = network.encoder === null ? observations : encoded(network.encoder, observations, apply);
  const features = betweenTrunkAndHeads(apply(seen, network.trunk));
  const value = network.value.length === 0 ? null : apply(features, network.value);
  const returns = mapValues(network.branches, (head, branch) => branchReturns(value, apply(features, head), network, branch));
  return {
    returns,
    values: mapValues(returns, (learned) => (network.quantiles === null ? learned : lowestMean(learned, network.quantiles))),
    volatility: network.volatility.length === 0 ? null : tf.squeeze(apply(features, network.volatility), [1]),
  };
};

/** What the convolutions say of the window, and the rest of the observation as it is. */
const encoded = (
  { layers, rows, columns, padding }: Encoder,
  observations: tf.Tensor,
  apply: (input: tf.Tensor, stack: readonly Layer[]) => tf.Tensor,
): tf.Tensor => {
  const part = (from: number, to: number): tf.Tensor => tf.slice(observations, [0, from], [-1, to - from]);
  const window = part(0, rows * columns);
  const oldest = Array.from({ length: padding }, () => part(0, columns));
  return tf.concat(
    [apply(padding === 0 ? window : tf.concat([...oldest, window], 1), layers), part(rows * columns, observations.shape[1]!)],
    1,
  );
};

/** x W + b, and with factorised noise f of inputs and outputs ((x · f) W' + b') · f more. */
const product = (x: tf.Tensor, { name, noisy }: Layer, parameter: (name: string) => tf.Tensor, noise?: LayerNoise): tf.Tensor => {
  const mean = tf.matMul(x, parameter(`${name}/weight`));
  const bias = parameter(`${name}/bias`);
  if (!noisy || noise === undefined) return tf.add(mean, bias);
  const { inputs, outputs } = noise(name);
  const deviation = tf.add(tf.matMul(tf.mul(x, inputs), parameter(`${name}/weightNoise`)), parameter(`${name}/biasNoise`));
  // The bias last: TensorFlow's optimiser of graphs adds tensors of one shape first, and compiled and eager are to round alike.
  return tf.add(tf.add(mean, tf.mul(deviation, outputs)), bias);
};

/** Q = value + advantage - mean advantage over the branch's bins; without a value what the head gives. */
const branchReturns = (value: tf.Tensor | null, given: tf.Tensor, { quantiles, bins }: Network, branch: string): tf.Tensor => {
  const each = quantiles === null ? given : tf.reshape(given, [-1, bins[branch]!, quantiles.count]);
  if (value === null) return each;
  return tf.add(quantiles === null ? value : tf.reshape(value, [-1, 1, quantiles.count]), centred(each, 1));
};

/** The mean of the lowest quantiles, by their order as outputs [n, bins]: the CVaR of Dabney et al. 2018 (arXiv 1806.06923). */
const lowestMean = (returns: tf.Tensor, { count, actedOn }: Quantiles): tf.Tensor => {
  if (actedOn === count) return tf.mean(returns, 2);
  const share = Float32Array.from({ length: count }, (_, i) => (i < actedOn ? 1 / actedOn : 0));
  return tf.sum(tf.mul(returns, tf.tensor1d(share)), 2);
};

const mapValues = <A, B>(record: Readonly<Record<string, A>>, change: (value: A, key: string) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
