import * as tf from '@tensorflow/tfjs';
import type { AgentConfig } from '../../config/sections/training.js';
import { halfSumOfSquares } from '../compiled/fused.js';
import type { Scope } from '../compiled/program.js';
import { applyAdam } from '../compiled/updates.js';
import { allLayers, type Network } from '../network.js';

const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/**
 * Clips the gradients together by their norm, and moves `online/…` by Adam, weight decay and the pull towards `origin/…`. `rate` is the learning rate: a number, or a scalar
 * of the graph. Returns the norm before clipping.
 */
export const applyGradients = (
  network: Network,
  agent: Pick<AgentConfig, 'gradientClip' | 'weightDecay' | 'l2Init'>,
  variables: Scope['variables'],
  gradients: Readonly<Record<string, tf.Tensor>>,
  learningRate: number | tf.Tensor,
): tf.Tensor => {
  const norm = tf.sqrt(tf.mul(tf.sum(tf.stack(Object.values(gradients).map(halfSumOfSquares))), 2));
  const scale = tf.div(agent.gradientClip, tf.maximum(norm, agent.gradientClip));
  const rate = adamRate(variables['adam/step']!, learningRate);
  const decayed = new Set(agent.weightDecay === 0 ? [] : allLayers(network).map(({ name }) => `${name}/weight`));
  const decay = typeof learningRate === 'number' ? learningRate * agent.weightDecay : tf.mul(learningRate, agent.weightDecay);
  const pull = typeof learningRate === 'number' ? learningRate * agent.l2Init : tf.mul(learningRate, agent.l2Init);
  for (const [name, gradient] of Object.entries(gradients)) {
    const parameter = variables[`online/${name}`]!;
    const origin = agent.l2Init > 0 ? variables[`origin/${name}`]! : null;
    const before = decayed.has(name) || origin !== null ? tf.clone(parameter) : null;
    applyAdam({ parameter, m: variables[`adam/m/${name}`]!, v: variables[`adam/v/${name}`]! }, tf.mul(gradient, scale), rate, ADAM);
    // Loshchilov & Hutter 2019: the decay is no part of the gradient, and so not of Adam's moments.
    if (before !== null && decayed.has(name)) parameter.assign(tf.sub(parameter, tf.mul(before, decay)));
    if (before !== null && origin !== null) parameter.assign(tf.sub(parameter, tf.mul(tf.sub(before, origin), pull)));
  }
  return norm;
};

/** Counts the step and gives Adam's rate for it, rate · sqrt(1 - beta2^t) / (1 - beta1^t), without the cancellation of 1 - beta^t in float32. */
const adamRate = (step: tf.Variable, learningRate: number | tf.Tensor): tf.Tensor => {
  step.assign(tf.add(step, 1));
  const correction = (beta: number): tf.Tensor => tf.neg(tf.expm1(tf.mul(step, Math.log(Math.fround(beta)))));
  return tf.div(tf.mul(tf.sqrt(correction(ADAM.beta2)), learningRate), correction(ADAM.beta1));
};
