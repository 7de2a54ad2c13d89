import type * as tf from '@tensorflow/tfjs';
import type { NamedTensor } from '../learner.js';

/** Shape and type of a tensor that is not there yet. */
export interface TensorSpec {
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
}

export type Values = Float32Array | Int32Array;

/** What the body of a signature works on, by the names that the program gives. */
export interface Scope {
  readonly variables: Readonly<Record<string, tf.Variable>>;
  readonly constants: Readonly<Record<string, tf.Tensor>>;
  readonly inputs: Readonly<Record<string, tf.Tensor>>;
}

/** One entry point: ordinary TensorFlow.js from inputs to outputs, which may also assign variables. It must not read values or branch on them. */
export interface Signature {
  readonly inputs: Readonly<Record<string, TensorSpec>>;
  readonly body: (scope: Scope) => Record<string, tf.Tensor>;
  /** What matrices are multiplied in, where it is compiled: float32 unless given. Everything else is float32. */
  readonly products?: Products;
}

export type Products = 'float32' | 'bfloat16';

/** Computations that share variables (float32, from zero) and constants; run by `compile` as one native call each, or by `runEagerly` kernel by kernel. */
export interface Program {
  readonly constants: Readonly<Record<string, { readonly shape: readonly number[]; readonly values: Float32Array }>>;
  readonly variables: Readonly<Record<string, readonly number[]>>;
  readonly signatures: Readonly<Record<string, Signature>>;
}

/** A program that can be called. */
export interface Executor {
  /** Runs one signature to its end. Outputs are copies, row-major. Throws on an unknown name and on an input of the wrong length. */
  run(signature: string, inputs: Readonly<Record<string, Values>>): Record<string, Float32Array>;
  /** Copies of all variables, in the program's order. */
  read(): NamedTensor[];
  /** Sets all variables. Throws `StateMismatch` when a name or shape differs. */
  write(state: readonly NamedTensor[]): void;
  dispose(): void;
}

export class StateMismatch extends Error {
  override readonly name = 'StateMismatch';
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, side) => size * side, 1);

/** Values of `state` in the order of `variables`. Throws `StateMismatch` unless both hold the same names and shapes. */
export const orderedValues = (variables: Program['variables'], state: readonly NamedTensor[]): Float32Array[] => {
  const byName = new Map(state.map((tensor) => [tensor.name, tensor]));
  const unknown = state.filter(({ name }) => !Object.hasOwn(variables, name)).map(({ name }) => name);
  if (unknown.length > 0) throw new StateMismatch(`the state holds ${unknown.join(', ')}, which this network does not have`);
  return Object.entries(variables).map(([name, shape]) => {
    const tensor = byName.get(name);
    if (tensor === undefined) throw new StateMismatch(`the state lacks ${name}: expected a tensor of shape [${shape.join(', ')}]`);
    if (tensor.shape.join() !== shape.join() || tensor.values.length !== sizeOf(shape))
      throw new StateMismatch(
        `${name} has shape [${tensor.shape.join(', ')}] and ${tensor.values.length} values: expected shape [${shape.join(', ')}]`,
      );
    return tensor.values;
  });
};

/** The inputs of a signature in its order. Throws `RangeError` naming what is missing or has the wrong length or type. */
export const orderedInputs = (name: string, { inputs }: Signature, given: Readonly<Record<string, Values>>): Values[] =>
  Object.entries(inputs).map(([input, { shape, dtype }]) => {
    const values = given[input];
    const right = dtype === 'int32' ? values instanceof Int32Array : values instanceof Float32Array;
    if (values === undefined || !right || values.length !== sizeOf(shape))
      throw new RangeError(
        `input ${input} of ${name} is ${values === undefined ? 'missing' : `${values.constructor.name} of ${values.length}`}: expected ${sizeOf(shape)} values of ${dtype}, shape [${shape.join(', ')}]`,
      );
    return values;
  });

/** The signature called `name`. Throws `RangeError` when the program has none. */
export const signatureOf = ({ signatures }: Program, name: string): Signature => {
  const signature = signatures[name];
  if (signature === undefined)
    throw new RangeError(`signature ${name} does not exist: expected one of ${Object.keys(signatures).join(', ')}`);
  return signature;
};
