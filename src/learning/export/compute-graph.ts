import * as tf from '@tensorflow/tfjs';
import type { NamedTensor } from '../learner.js';
import { graphOperator } from './graph-operators.js';
import type { OnnxGraph } from './onnx-model.js';

/**
 * The outputs by name of a graph of one input, node by node in TensorFlow.js, for `count` rows [count × width] of that input; its weights are
 * `tensors`, whatever the graph itself holds. Throws `RangeError` for a value that nothing gives and an operator that is not known.
 */
export const computeGraph = (
  { nodes, inputs, outputs }: Pick<OnnxGraph, 'nodes' | 'inputs' | 'outputs'>,
  tensors: readonly NamedTensor[],
  rows: Float32Array,
  count: number,
): Record<string, Float32Array> => {
  const computed = tf.tidy(() => {
    const values = new Map(tensors.map(({ name, shape, values: numbers }) => [name, tf.tensor(numbers, [...shape])]));
    for (const { name, width } of inputs) values.set(name, tf.tensor(rows, [count, width]));
    const value = (name: string): tf.Tensor => {
      const found = values.get(name);
      if (found === undefined) throw new RangeError(`value ${name} of the exported graph is given by no node and no tensor`);
      return found;
    };
    for (const { operator, inputs: from, output, axis } of nodes)
      values.set(output, graphOperator(operator).compute(from.map(value), axis));
    return outputs.map(({ name }) => value(name));
  });
  const answers = outputs.map(({ name }, i) => [name, computed[i]!.dataSync<'float32'>().slice()] as const);
  tf.dispose(computed);
  return Object.fromEntries(answers);
};
