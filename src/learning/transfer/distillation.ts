import * as tf from '@tensorflow/tfjs';
import { observationSize, type ObservationSchema } from '../../domain/agent/observation.js';
import type { OnnxGraph } from '../export/onnx-model.js';
import { adaptNetwork } from './adapt-network.js';

/** A served network that takes a student's own state vector; layers and features of the two need not be the same. */
export type Teacher = OnnxGraph;

/** The source's graph for the target's observations; its features that the target lacks are at their mean. Throws `SchemasDiffer`. */
export const teacherFor = (
  graph: OnnxGraph,
  source: ObservationSchema,
  target: ObservationSchema,
  means: Readonly<Record<string, number>> = {},
): Teacher => ({
  ...graph,
  weights: adaptNetwork(graph.weights, source, target, { means }),
  inputs: graph.inputs.map((input) => ({ ...input, width: observationSize(target) })),
});

/** Keeps a temperature from zero where a teacher does not care. */
const SMALLEST_SPREAD = 1e-6;

/**
 * The mean over states and branches of KL(teacher ‖ student) between softmaxes of the Q-values of a branch's bins (Rusu et al. 2015, arXiv 1511.06295;
 * as an addition to another loss: kickstarting, Schmitt et al. 2018, arXiv 1803.03835). Both are divided by `temperature` times the teacher's mean
 * range over the bins, so that it is 0 where they differ by a constant, whatever the units of reward. Scalar; only the student gets a gradient.
 */
export const distillationLoss = (
  teacher: Readonly<Record<string, tf.Tensor>>,
  student: Readonly<Record<string, tf.Tensor>>,
  temperature: number,
): tf.Tensor => {
  const losses = Object.entries(student).map(([branch, values]) => {
    const taught = teacher[branch];
    if (taught === undefined || taught.shape[1] !== values.shape[1])
      throw new RangeError(
        `the teacher answers ${taught?.shape[1] ?? 'nothing'} for branch ${branch}: expected ${values.shape[1]} bins, as the student has`,
      );
    const spread = tf.maximum(tf.mean(tf.sub(tf.max(taught, 1), tf.min(taught, 1))), SMALLEST_SPREAD);
    const scale = tf.div(1 / temperature, spread);
    const [logTaught, logLearned] = [logSoftmax(tf.mul(taught, scale)), logSoftmax(tf.mul(values, scale))];
    return tf.mean(tf.sum(tf.mul(tf.exp(logTaught), tf.sub(logTaught, logLearned)), 1));
  });
  return tf.mean(tf.stack(losses));
};

/** By operations that a compiled step has. */
const logSoftmax = (logits: tf.Tensor): tf.Tensor => {
  const centred = tf.sub(logits, tf.max(logits, 1, true));
  return tf.sub(centred, tf.log(tf.sum(tf.exp(centred), 1, true)));
};
