import * as tf from '@tensorflow/tfjs';
import { typeAttribute } from './graph.js';
import { kernel, type Kernel } from './kernel.js';
import { TRACE_BACKEND } from './trace-backend.js';

/** max(x, 0), whose gradient needs the output alone: so that a compiled layer is one kernel forwards, and one more backwards for the ReLU. */
export const relu = (x: tf.Tensor): tf.Tensor =>
  tf.customGrad((input, save) => {
    if (!(input instanceof tf.Tensor) || typeof save !== 'function') throw new TypeError('expected a tensor and what saves it');
    const value = tf.relu(input);
    save([value]);
    return { value, gradFunc: (upstream: tf.Tensor, [output]: tf.Tensor[]) => reluGradient(upstream, output!) };
  })(x);

/** Half the sum of the squares of all elements, a scalar. It has no gradient. */
export const halfSumOfSquares = (x: tf.Tensor): tf.Tensor => (tracing() ? runFused('L2Loss', { x }) : tf.mul(tf.sum(tf.square(x)), 0.5));

const reluGradient = (upstream: tf.Tensor, output: tf.Tensor): tf.Tensor =>
  tracing() ? runFused('ReluGrad', { upstream, output }) : tf.mul(upstream, tf.step(output));

const tracing = (): boolean => tf.getBackend() === TRACE_BACKEND;

const runFused = (name: keyof typeof fusedKernels, inputs: tf.NamedTensorMap): tf.Tensor => tf.engine().runKernel<tf.Tensor>(name, inputs);

/** Kernels that graphs have and TensorFlow.js has not: one node for what takes several there. */
export const fusedKernels = {
  L2Loss: kernel(['x'], [], (trace, { x }) => trace.emit('L2Loss', [trace.reference(x)], { T: typeAttribute(x.dtype) }, [], x.dtype)),
  ReluGrad: kernel(['upstream', 'output'], [], (trace, { upstream, output }) =>
    trace.emit(
      'ReluGrad',
      [trace.reference(upstream), trace.reference(output)],
      { T: typeAttribute(output.dtype) },
      output.shape,
      output.dtype,
    ),
  ),
} as const satisfies Readonly<Record<string, Kernel>>;
