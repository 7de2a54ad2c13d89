import type * as tf from '@tensorflow/tfjs';
import type { AgentConfig } from '../../config/sections/training.js';
import { applyGradients } from '../agent/apply-gradients.js';
import { lossAndGradients, type Lessons } from '../agent/returns.js';
import type { Scope } from '../compiled/program.js';
import type { StepOutputs } from '../learner-step.js';
import { parameterShapes, type Network } from '../network.js';

/** Decisions of one minibatch with the returns that followed them, as tensors. */
export interface ReturnInputs {
  readonly observation: tf.Tensor;
  /** Bin taken, by branch. */
  readonly actions: Readonly<Record<string, tf.Tensor>>;
  /** λ-returns [n], one for all branches. */
  readonly target: tf.Tensor;
  /** The learning rate, a scalar. */
  readonly rate: tf.Tensor;
  /** Null for a network without the auxiliary head. */
  readonly volatility: tf.Tensor | null;
  /** A loss to be added, of the values by branch: what a teacher says. */
  readonly lesson?: NonNullable<Lessons['lesson']>;
}

/**
 * One training step of PQN (Gallici et al. 2025, arXiv 2407.04811) for branches: Huber losses towards given returns, so neither a target network
 * nor a pass over next states; gradients are scaled and clipped, and parameters moved, as in the DQN's step.
 */
export const returnStep = (network: Network, agent: AgentConfig, variables: Scope['variables'], inputs: ReturnInputs): StepOutputs => {
  const parameters = Object.fromEntries(Object.keys(parameterShapes(network)).map((name) => [name, variables[`online/${name}`]!]));
  const { gradients, ...losses } = lossAndGradients(network, agent, parameters, { ...inputs, weight: null });
  return { ...losses, gradientNorm: applyGradients(network, agent, variables, gradients, inputs.rate) };
};
