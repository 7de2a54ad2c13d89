import * as tf from '@tensorflow/tfjs';
import { typeAttribute } from './graph.js';
import { kernel, type Kernel } from './kernel.js';
import { CannotCompile, TRACE_BACKEND, type Trace, type TracedVariable } from './trace-backend.js';

/** Decay rates of Adam's moments and the number that keeps its divisor from zero. */
export interface AdamConstants {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** A parameter with Adam's two moments of its gradient. */
export interface AdamVariables {
  readonly parameter: tf.Variable;
  readonly m: tf.Variable;
  readonly v: tf.Variable;
}

/**
 * One step of Adam (Kingma & Ba 2015, section 2: the form with the bias correction in the rate) in place:
 * m += (1 - beta1) (g - m), v += (1 - beta2) (g² - v), parameter -= rate m / (sqrt(v) + epsilon).
 * `rate` is a scalar with the correction in it. Compiled, this is TensorFlow's fused kernel; otherwise the same arithmetic, kernel by kernel.
 */
export const applyAdam = (variables: AdamVariables, gradient: tf.Tensor, rate: tf.Tensor, constants: AdamConstants): void => {
  const { parameter, m, v } = variables;
  if (tf.getBackend() === TRACE_BACKEND) {
    const attributes = { beta1: constants.beta1, beta2: constants.beta2, epsilon: constants.epsilon };
    assignAll([parameter, m, v], runUpdate('ApplyAdam', { parameter, m, v, gradient, rate }, attributes));
    return;
  }
  tf.tidy(() => {
    m.assign(tf.add(m, tf.mul(tf.sub(gradient, m), complement(constants.beta1))));
    v.assign(tf.add(v, tf.mul(tf.sub(tf.square(gradient), v), complement(constants.beta2))));
    parameter.assign(tf.sub(parameter, tf.div(tf.mul(m, rate), tf.add(tf.sqrt(v), constants.epsilon))));
  });
};

/** variable += share (goal - variable), in place. */
export const moveTowards = (variable: tf.Variable, goal: tf.Tensor, share: number): void => {
  if (tf.getBackend() === TRACE_BACKEND) {
    assignAll([variable], runUpdate('MoveTowards', { variable, goal }, { share }));
    return;
  }
  tf.tidy(() => variable.assign(tf.sub(variable, tf.mul(tf.sub(variable, goal), share))));
};

/** 1 - x as the fused kernel computes it: x is a float32 there. */
const complement = (x: number): number => Math.fround(1 - Math.fround(x));

const runUpdate = (name: keyof typeof updateKernels, inputs: tf.NamedTensorMap, attributes: tf.NamedAttrMap): tf.Tensor[] =>
  tf.engine().runKernel<tf.Tensor[]>(name, inputs, attributes);

const assignAll = (variables: readonly tf.Variable[], values: readonly tf.Tensor[]): void =>
  variables.forEach((variable, i) => variable.assign(values[i]!));

/** The traced variable whose present value a tensor is: an update in place of anything else would update nothing. */
const variableBehind = (trace: Trace, tensor: tf.TensorInfo): TracedVariable => {
  const variable = trace.variables.find(({ current }) => current === trace.reference(tensor));
  if (variable !== undefined) return variable;
  throw new CannotCompile('an update in place needs the present value of a variable: assign nothing to it before');
};

/** Records `op` on the variables' handles, after every read and write of them so far, and then a read of each. */
const recordUpdate = (trace: Trace, op: string, tensors: readonly tf.TensorInfo[], rest: readonly string[]): tf.TensorInfo[] => {
  const variables = tensors.map((tensor) => variableBehind(trace, tensor));
  const order = variables.flatMap((variable) => variable.order);
  const attributes = { T: typeAttribute('float32'), use_locking: { b: false } };
  const update = trace.graph.add(op, [...variables.map(({ handle }) => handle), ...rest, ...order], attributes);
  return variables.map((variable) => {
    const read = trace.graph.add('ReadVariableOp', [variable.handle, `^${update}`], { dtype: typeAttribute('float32') });
    variable.current = read;
    variable.order.push(`^${update}`, `^${read}`);
    return trace.symbol(read, variable.shape, 'float32');
  });
};

/** Kernels that only a graph has: they change variables in place. */
export const updateKernels = {
  ApplyAdam: kernel(
    ['parameter', 'm', 'v', 'gradient', 'rate'],
    ['beta1', 'beta2', 'epsilon'],
    (trace, { parameter, m, v, gradient, rate }, attributes) => {
      const scalar = (value: number): string => trace.graph.constant(Float32Array.of(value), [], 'float32');
      const constants = ['beta1', 'beta2', 'epsilon'].map((name) => scalar(attributes.number(name)));
      // The bias correction is in the rate already: powers of zero switch the kernel's own off.
      const powers = [scalar(0), scalar(0)];
      return recordUpdate(
        trace,
        'ResourceApplyAdam',
        [parameter, m, v],
        [...powers, trace.reference(rate), ...constants, trace.reference(gradient)],
      );
    },
  ),
  MoveTowards: kernel(['variable', 'goal'], ['share'], (trace, { variable, goal }, attributes) => {
    const share = trace.graph.constant(Float32Array.of(attributes.number('share')), [], 'float32');
    const difference = trace.emit(
      'Sub',
      [trace.reference(variable), trace.reference(goal)],
      { T: typeAttribute('float32') },
      variable.shape,
      'float32',
    );
    return recordUpdate(trace, 'ResourceApplyGradientDescent', [variable], [share, trace.reference(difference)]);
  }),
} as const satisfies Readonly<Record<string, Kernel>>;
