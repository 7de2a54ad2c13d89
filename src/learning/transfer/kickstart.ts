import * as tf from '@tensorflow/tfjs';
import type { AgentConfig } from '../../config/sections/training.js';
import type { Program, Scope } from '../compiled/program.js';
import { applyGraph } from '../export/compute-graph.js';
import { distillationLoss, type Teacher } from './distillation.js';

/** Variable that counts the steps that a teacher was listened to. */
export const TEACHER_AGE = 'teacher/age';
const CONSTANT = 'teacher/';

/** What a teacher adds to a student's program and to the loss of its step. */
export interface Kickstart {
  readonly constants: Program['constants'];
  readonly variables: Program['variables'];
  /** The additional loss (a scalar) as a function of the student's values by branch, for one step on observations [n, size]; counts the step. */
  readonly lesson: (scope: Scope, observation: tf.Tensor) => (values: Readonly<Record<string, tf.Tensor>>) => tf.Tensor;
}

/**
 * Listening to a teacher while learning for oneself (Schmitt et al. 2018, arXiv 1803.03835): the distillation loss times a weight that falls in a
 * straight line from `kickstartWeight` to 0 over `kickstartSteps` gradient steps.
 */
export const kickstart = (
  teacher: Teacher,
  agent: Pick<AgentConfig, 'kickstartWeight' | 'kickstartSteps' | 'kickstartTemperature'>,
): Kickstart => ({
  constants: Object.fromEntries(teacher.weights.map(({ name, shape, values }) => [`${CONSTANT}${name}`, { shape, values }])),
  variables: { [TEACHER_AGE]: [] },
  lesson({ variables, constants }, observation) {
    const parameters = Object.fromEntries(teacher.weights.map(({ name }) => [name, constants[`${CONSTANT}${name}`]!]));
    const taught = applyGraph(teacher, { ...parameters, observation });
    const age = variables[TEACHER_AGE]!;
    const left = tf.relu(tf.sub(1, tf.mul(age, 1 / agent.kickstartSteps)));
    const weight = tf.mul(left, agent.kickstartWeight);
    age.assign(tf.add(age, 1));
    return (values) => tf.mul(distillationLoss(taught, values, agent.kickstartTemperature), weight);
  },
});
