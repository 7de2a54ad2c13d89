import * as tf from '@tensorflow/tfjs';
import type { AgentConfig } from '../../config/sections/training.js';
import type { Network } from '../network.js';
import type { LayerNoise } from './noise.js';
import { huber, scaleGradient } from './own-gradients.js';
import { predict, type Predictions } from './predict.js';

/** A batch of decisions and what is to be learned of them. */
export interface Lessons {
  readonly observation: tf.Tensor;
  /** Bin taken by branch [n]. */
  readonly actions: Readonly<Record<string, tf.Tensor>>;
  /** The return, one for all branches [n]; or its quantiles [n, quantiles]. */
  readonly target: tf.Tensor;
  /** Importance weights [n]; null for ones. */
  readonly weight: tf.Tensor | null;
  /** Target of the auxiliary head [n]; null without that head. */
  readonly volatility: tf.Tensor | null;
  readonly noise?: LayerNoise;
  /** A loss to be added, of the values by branch: what a teacher says. */
  readonly lesson?: (values: Predictions['values']) => tf.Tensor;
}

/** Loss parts (scalars), the sum over branches of |TD error| [n], and the gradient of each parameter. */
export interface LossAndGradients {
  readonly loss: tf.Tensor;
  readonly qLoss: tf.Tensor;
  readonly auxiliaryLoss: tf.Tensor;
  readonly tdErrors: tf.Tensor;
  readonly gradients: Readonly<Record<string, tf.Tensor>>;
}

/**
 * The mean over branches of weighted Huber losses (or quantile Huber losses) towards one target, plus the auxiliary loss; gradients into the
 * shared trunk divided by the number of heads that learn from it, branches and value, by the names of `parameters`.
 */
export const lossAndGradients = (
  network: Network,
  agent: AgentConfig,
  parameters: Readonly<Record<string, tf.Variable>>,
  { observation, actions, target, weight, volatility, noise, lesson }: Lessons,
): LossAndGradients => {
  const branches = Object.keys(network.branches);
  const streams = branches.length + (network.value.length === 0 ? 0 : 1);
  const parts: Pick<LossAndGradients, 'qLoss' | 'auxiliaryLoss' | 'tdErrors'>[] = [];
  const { value: loss, grads } = tf.variableGrads(() => {
    const predicted = predict(network, (name) => parameters[name]!, observation, {
      betweenTrunkAndHeads: (features) => scaleGradient(features, 1 / streams),
      ...(noise === undefined ? {} : { noise }),
    });
    const taken = tf.stack(branches.map((branch) => pick(predicted.returns[branch]!, actions[branch]!)));
    const losses =
      network.quantiles === null ? huber(tf.sub(target, taken), agent.huberDelta) : quantileHuber(target, taken, agent.huberDelta);
    // The mean, with the weights divided first: so the gradient is one product, which compiled and eager round alike.
    const qLoss = weight === null ? tf.mean<tf.Scalar>(losses) : tf.sum<tf.Scalar>(tf.mul(tf.mul(weight, 1 / losses.size), losses));
    const auxiliaryLoss =
      predicted.volatility === null || volatility === null ? tf.scalar(0) : tf.mean(tf.squaredDifference(predicted.volatility, volatility));
    const tdErrors = tf.sum(tdError(target, taken), 0);
    parts.push({ qLoss: tf.keep(qLoss), auxiliaryLoss: tf.keep(auxiliaryLoss), tdErrors: tf.keep(tdErrors) });
    const own = tf.add<tf.Scalar>(qLoss, tf.mul(auxiliaryLoss, agent.auxiliaryWeight));
    return lesson === undefined ? own : tf.add<tf.Scalar>(own, lesson(predicted.values));
  }, Object.values(parameters));
  const gradients = Object.fromEntries(Object.entries(parameters).map(([name, variable]) => [name, grads[variable.name]!]));
  return { loss, ...parts[0]!, gradients };
};

/** One target for all branches: reward + discount · the mean over them of what the target network expects of the online network's choice. */
export const tdTarget = (online: Predictions, target: Predictions, reward: tf.Tensor, discount: tf.Tensor): tf.Tensor => {
  const values = Object.entries(target.returns).map(([branch, returns]) => pick(returns, tf.argMax(online.values[branch]!, 1)));
  const expected = tf.mean(tf.stack(values), 0);
  return expected.rank === 1
    ? tf.add(reward, tf.mul(discount, expected))
    : tf.add(tf.reshape(reward, [-1, 1]), tf.mul(tf.reshape(discount, [-1, 1]), expected));
};

/** The element (or quantiles) of each row [n, bins, …] that `index` [n] names; by a one-hot product, whose gradient every backend has. */
const pick = (rows: tf.Tensor, index: tf.Tensor): tf.Tensor => {
  const bins = rows.shape[1]!;
  const chosen = tf.oneHot(index, bins, 1, 0, 'float32');
  return tf.sum(tf.mul(rows, rows.rank === 2 ? chosen : tf.reshape(chosen, [-1, bins, 1])), 1);
};

/** Of values by branch [branches, n], or of means of their quantiles [branches, n, quantiles]. */
const tdError = (target: tf.Tensor, values: tf.Tensor): tf.Tensor =>
  values.rank === 2 ? tf.abs(tf.sub(target, values)) : tf.abs(tf.sub(tf.mean(target, 1), tf.mean(values, 2)));

/**
 * The quantile Huber loss of Dabney et al. 2018 (arXiv 1710.10044), its mean over target [n, quantiles] and predicted quantiles [branches, n, quantiles]:
 * tau H(u) / delta where the target is above the prediction (u > 0), (1 - tau) H(-u) / delta below, at tau = (i + 1/2) / count. [branches, n]
 */
const quantileHuber = (target: tf.Tensor, values: tf.Tensor, delta: number): tf.Tensor => {
  const [branches, rows, count] = values.shape as [number, number, number];
  const taus = Float32Array.from({ length: count }, (_, i) => (i + 0.5) / count);
  /** The losses of errors on one side, each weighed by its share, and divided as the mean over both sides' pairs is. */
  const side = (errors: tf.Tensor, share: (tau: number) => number): tf.Tensor => {
    const losses = huber(tf.relu(errors), delta);
    return tf.mul(losses, tf.tensor(taus.map((tau) => share(tau) / (delta * count ** 2)), [1, count, 1])); // prettier-ignore
  };
  const error = tf.sub(tf.reshape(target, [1, rows, 1, count]), tf.reshape(values, [branches, rows, count, 1]));
  const above = side(error, (tau) => tau);
  const below = side(tf.neg(error), (tau) => 1 - tau);
  return tf.sum(tf.add(above, below), [2, 3]);
};
