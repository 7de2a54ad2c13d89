import * as tf from '@tensorflow/tfjs';
import type { NamedTensor } from '../learner.js';
import { graphOperator } from './graph-operators.js';
import type { OnnxGraph } from './onnx-model.js';

/**
 * The outputs by name of an exported graph, as TensorFlow.js computes them node by node from its inputs and parameters, all found by name: so its
 * gradient can be taken, and it can be part of a compiled program. Throws `RangeError` for a value that nothing gives and an operator that is not known.
 */
export const applyGraph = (
  { nodes, outputs }: Pick<OnnxGraph, 'nodes' | 'outputs'>,
  given: Readonly<Record<string, tf.Tensor>>,
): Record<string, tf.Tensor> => {
  const values = new Map(Object.entries(given));
  const value = (name: string): tf.Tensor => {
    const found = values.get(name);
    if (found === undefined) throw new RangeError(`value ${name} of the exported graph is given by no node and no tensor`);
    return found;
  };
  for (const { operator, inputs, output, ...settings } of nodes)
    values.set(output, graphOperator(operator).compute(inputs.map(value), settings));
  return Object.fromEntries(outputs.map(({ name }) => [name, value(name)]));
};

/** The parameters of a graph as tensors by name, for `applyGraph`; the caller disposes of them. */
export const graphParameters = (tensors: readonly NamedTensor[]): Record<string, tf.Tensor> =>
  Object.fromEntries(tensors.map(({ name, shape, values }) => [name, tf.tensor(values, [...shape], 'float32')]));

/** Numbers of a graph's outputs for `count` rows of its input `observation`, [count × width] row-major; its weights are `tensors`, whatever it holds itself. */
export const computeGraph = (
  graph: Pick<OnnxGraph, 'nodes' | 'outputs'>,
  tensors: readonly NamedTensor[],
  rows: Float32Array,
  count: number,
): Record<string, Float32Array> => {
  const outputs = tf.tidy(() =>
    applyGraph(graph, { ...graphParameters(tensors), observation: tf.tensor(rows, [count, rows.length / count], 'float32') }),
  );
  const numbers = Object.entries(outputs).map(([name, tensor]) => [name, tensor.dataSync<'float32'>().slice()] as const);
  tf.dispose(outputs);
  return Object.fromEntries(numbers);
};
