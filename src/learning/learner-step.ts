import * as tf from '@tensorflow/tfjs';
import type { AgentConfig } from '../config/sections/training.js';
import { applyGradients } from './agent/apply-gradients.js';
import type { LayerNoise } from './agent/noise.js';
import { predict } from './agent/predict.js';
import { lossAndGradients, tdTarget, type Lessons } from './agent/returns.js';
import type { Scope } from './compiled/program.js';
import { moveTowards } from './compiled/updates.js';
import { parameterShapes, type Network } from './network.js';

/** Observations, actions, returns and weights of one batch, all as tensors. */
export interface StepInputs {
  readonly observation: tf.Tensor;
  readonly nextObservation: tf.Tensor;
  /** Bin taken, by branch. */
  readonly actions: Readonly<Record<string, tf.Tensor>>;
  readonly reward: tf.Tensor;
  readonly discount: tf.Tensor;
  readonly weight: tf.Tensor;
  /** Null for a network without the auxiliary head. */
  readonly volatility: tf.Tensor | null;
  /** A loss to be added, of the values by branch: what a teacher says. */
  readonly lesson?: NonNullable<Lessons['lesson']>;
  /** Noise of each of the step's passes through the network, where layers are noisy. */
  readonly noise: Readonly<Partial<Record<StepPass, LayerNoise>>>;
}

/** The passes of a step: the online network on the states and, to choose, on the next states; the target network on these. */
export type StepPass = 'online' | 'choice' | 'target';

/** Loss parts and gradient norm (scalars) and the sum over branches of |TD error| [n]. */
export interface StepOutputs {
  readonly loss: tf.Tensor;
  readonly qLoss: tf.Tensor;
  readonly auxiliaryLoss: tf.Tensor;
  readonly gradientNorm: tf.Tensor;
  readonly tdErrors: tf.Tensor;
}

/** Variable that counts the steps since the target was last made equal to the online network, where `targetEvery` is set. */
export const SINCE_COPY = 'copy/age';

/**
 * One training step of the branching dueling double DQN (van Hasselt et al. 2016; Tavakoli et al. 2018, with one target for all branches):
 * y = r + discount · mean over branches of Q⁻(s', argmax Q(s')); the mean over branches of weighted Huber losses, plus the auxiliary loss;
 * gradients into the shared trunk times 1 / (branches + 1), clipped together by norm; Adam; the target follows by Polyak averaging or copies.
 */
export const learnerStep = (network: Network, agent: AgentConfig, variables: Scope['variables'], inputs: StepInputs): StepOutputs => {
  const online = (name: string): tf.Variable => variables[`online/${name}`]!;
  const target = (name: string): tf.Variable => variables[`target/${name}`]!;
  const names = Object.keys(parameterShapes(network));
  const { noise } = inputs;
  const returns = tdTarget(
    predict(network, online, inputs.nextObservation, noise.choice && { noise: noise.choice }),
    predict(network, target, inputs.nextObservation, noise.target && { noise: noise.target }),
    inputs.reward,
    inputs.discount,
  );
  const parameters = Object.fromEntries(names.map((name) => [name, online(name)]));
  const { gradients, ...losses } = lossAndGradients(network, agent, parameters, {
    observation: inputs.observation,
    actions: inputs.actions,
    target: returns,
    weight: inputs.weight,
    volatility: inputs.volatility,
    ...(noise.online && { noise: noise.online }),
    ...(inputs.lesson && { lesson: inputs.lesson }),
  });
  const gradientNorm = applyGradients(network, agent, variables, gradients, agent.learningRate);
  if (agent.targetEvery === 0) for (const name of names) moveTowards(target(name), online(name), agent.polyak);
  else
    copyWhenDue(
      variables[SINCE_COPY]!,
      agent.targetEvery,
      names.map((name) => ({ from: online(name), to: target(name) })),
    );
  return { ...losses, gradientNorm };
};

/** Every `period`-th step makes each `to` equal to its `from`, bit by bit. */
const copyWhenDue = (
  age: tf.Variable,
  period: number,
  pairs: readonly { readonly from: tf.Variable; readonly to: tf.Variable }[],
): void => {
  const next = tf.add(age, 1);
  const due = tf.cast(tf.greaterEqual(next, period), 'float32');
  const rest = tf.sub(1, due);
  age.assign(tf.mul(next, rest));
  for (const { from, to } of pairs) to.assign(tf.add(tf.mul(from, due), tf.mul(to, rest)));
};
