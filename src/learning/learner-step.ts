import * as tf from '@tensorflow/tfjs';
import type { AgentConfig } from '../config/training.js';
import { applyAdam, moveTowards } from './compiled/updates.js';
import type { Scope } from './compiled/program.js';
import { allLayers, parameterShapes, predict, type Network, type Predictions } from './network.js';

const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;
const BRANCHES = ['price', 'quantity'] as const;

/** Observations, actions, returns and weights of one batch, all as tensors. */
export interface StepInputs {
  readonly observation: tf.Tensor;
  readonly nextObservation: tf.Tensor;
  readonly price: tf.Tensor;
  readonly quantity: tf.Tensor;
  readonly reward: tf.Tensor;
  readonly discount: tf.Tensor;
  readonly weight: tf.Tensor;
  readonly volatility: tf.Tensor;
}

/** Loss parts and gradient norm (scalars) and the sum over branches of |TD error| [n]. */
export interface StepOutputs {
  readonly loss: tf.Tensor;
  readonly qLoss: tf.Tensor;
  readonly auxiliaryLoss: tf.Tensor;
  readonly gradientNorm: tf.Tensor;
  readonly tdErrors: tf.Tensor;
}

/**
 * One training step of the branching dueling double DQN (van Hasselt et al. 2016; Tavakoli et al. 2018, with one target for all branches):
 * y = r + discount · mean over branches of Q⁻(s', argmax Q(s')); the mean over branches of weighted Huber losses, plus the auxiliary loss;
 * gradients into the shared trunk times 1 / (branches + 1), clipped together by norm; Adam; Polyak averaging of the target.
 */
export const learnerStep = (network: Network, agent: AgentConfig, variables: Scope['variables'], inputs: StepInputs): StepOutputs => {
  const variable = (name: string): tf.Variable => variables[name]!;
  const online = (name: string): tf.Variable => variable(`online/${name}`);
  const names = Object.keys(parameterShapes(network));
  const target = tdTarget(
    predict(network, online, inputs.nextObservation),
    predict(network, (name) => variable(`target/${name}`), inputs.nextObservation),
    inputs,
  );
  const { gradients, ...losses } = lossAndGradients(network, agent, names.map(online), target, inputs, online);

  const gradientNorm = tf.sqrt(tf.sum(tf.stack(gradients.map((gradient) => tf.sum(tf.square(gradient))))));
  const scale = tf.div(agent.gradientClip, tf.maximum(gradientNorm, agent.gradientClip));
  const rate = adamRate(variable('adam/step'), agent.learningRate);
  const decayed = new Set(agent.weightDecay === 0 ? [] : allLayers(network).map(({ name }) => `${name}/weight`));
  names.forEach((name, i) => {
    const parameter = online(name);
    const before = decayed.has(name) ? tf.clone(parameter) : null;
    const adam = { parameter, m: variable(`adam/m/${name}`), v: variable(`adam/v/${name}`) };
    applyAdam(adam, tf.mul(gradients[i]!, scale), rate, ADAM);
    // Loshchilov & Hutter 2019: the decay is no part of the gradient, and so not of Adam's moments.
    if (before !== null) parameter.assign(tf.sub(parameter, tf.mul(before, agent.learningRate * agent.weightDecay)));
    moveTowards(variable(`target/${name}`), parameter, agent.polyak);
  });
  return { ...losses, gradientNorm };
};

/** One target for all branches: the mean over them of the target network's value of the online network's choice [n]. */
const tdTarget = (online: Predictions, target: Predictions, { reward, discount }: StepInputs): tf.Tensor => {
  const values = BRANCHES.map((branch) => pick(target[branch], tf.argMax(online[branch], 1)));
  return tf.add(reward, tf.mul(discount, tf.mean(tf.stack(values), 0)));
};

const lossAndGradients = (
  network: Network,
  agent: AgentConfig,
  parameters: tf.Variable[],
  target: tf.Tensor,
  inputs: StepInputs,
  online: (name: string) => tf.Tensor,
) => {
  const parts: Pick<StepOutputs, 'qLoss' | 'auxiliaryLoss' | 'tdErrors'>[] = [];
  const { value: loss, grads } = tf.variableGrads(() => {
    const predicted = predict(network, online, inputs.observation, (features) => scaleGradient(features, 1 / (BRANCHES.length + 1)));
    const errors = BRANCHES.map((branch) => tf.abs(tf.sub(target, pick(predicted[branch], inputs[branch]))));
    const losses = errors.map((error) => tf.mean(tf.mul(inputs.weight, huber(error, agent.huberDelta))));
    const qLoss = tf.mean(tf.stack(losses));
    const auxiliaryLoss = tf.mean(tf.squaredDifference(predicted.volatility, inputs.volatility));
    parts.push({ qLoss: tf.keep(qLoss), auxiliaryLoss: tf.keep(auxiliaryLoss), tdErrors: tf.keep(tf.sum(tf.stack(errors), 0)) });
    return tf.add<tf.Scalar>(qLoss, tf.mul(auxiliaryLoss, agent.auxiliaryWeight));
  }, parameters);
  return { loss, ...parts[0]!, gradients: parameters.map(({ name }) => grads[name]!) };
};

/** The element of each row [n, bins] that `index` [n] names; by a one-hot product, whose gradient every backend has. */
const pick = (rows: tf.Tensor, index: tf.Tensor): tf.Tensor => tf.sum(tf.mul(rows, tf.oneHot(index, rows.shape[1]!, 1, 0, 'float32')), 1);

/** Huber 1964 of an absolute error: half its square up to `delta`, linear beyond. */
const huber = (error: tf.Tensor, delta: number): tf.Tensor => {
  const quadratic = tf.minimum(error, delta);
  return tf.add(tf.mul(tf.square(quadratic), 0.5), tf.mul(tf.sub(error, quadratic), delta));
};

/** The same values, with a gradient `factor` times as large. */
const scaleGradient = (x: tf.Tensor, factor: number): tf.Tensor =>
  tf.customGrad((input) => {
    if (!(input instanceof tf.Tensor)) throw new TypeError('expected a tensor');
    return { value: tf.clone(input), gradFunc: (upstream: tf.Tensor) => tf.mul(upstream, factor) };
  })(x);

/** Counts the step and gives Adam's rate for it, rate · sqrt(1 - beta2^t) / (1 - beta1^t), without the cancellation of 1 - beta^t in float32. */
const adamRate = (step: tf.Variable, learningRate: number): tf.Tensor => {
  step.assign(tf.add(step, 1));
  const correction = (beta: number): tf.Tensor => tf.neg(tf.expm1(tf.mul(step, Math.log(Math.fround(beta)))));
  return tf.div(tf.mul(tf.sqrt(correction(ADAM.beta2)), learningRate), correction(ADAM.beta1));
};
