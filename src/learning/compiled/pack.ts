import * as tf from '@tensorflow/tfjs';
import { sizeOf, type Scope, type Signature, type TensorSpec, type Values } from './program.js';

/** As few tensors as a signature's can be fed and fetched as: each that crosses the border costs as much as a small kernel. */
export interface PackedSignature {
  readonly signature: Signature;
  /** What is fed, of the inputs' values, both in their signature's order. The next call writes into the same arrays. */
  readonly pack: (values: readonly Values[]) => Values[];
  /** The outputs by their names, of what was fetched, once the signature was traced. */
  readonly unpack: (fetched: Readonly<Record<string, Float32Array>>) => Record<string, Float32Array>;
}

/** So few tensors cross as cheaply one by one as they are taken apart. */
const FEW = 2;
/** The one output in place of many. */
const ALL = 'all';

/** The same computation with its many inputs of a type as one vector, and its many float32 outputs as one. */
export const packSignature = ({ inputs, body, ...rest }: Signature): PackedSignature => {
  const specs = Object.entries(inputs);
  const vectors = DTYPES.map((dtype) => vectorOf(dtype, specs)).filter(({ parts }) => parts.length > FEW);
  const packed = new Set(vectors.flatMap(({ parts }) => parts.map(({ index }) => index)));
  const single = [...specs.keys()].filter((index) => !packed.has(index));
  let outputs: readonly { readonly name: string; readonly from: number; readonly to: number }[] = [];
  return {
    signature: {
      ...rest,
      inputs: {
        ...Object.fromEntries(single.map((index) => specs[index]!)),
        ...Object.fromEntries(vectors.map(({ name, dtype, values }) => [name, { shape: [values.length], dtype }])),
      },
      body: ({ inputs: fed, ...scope }: Scope) => {
        const unpacked = new Map(vectors.flatMap(({ name, parts }) => takeApart(fed[name]!, parts)));
        const whole = Object.fromEntries(
          specs.map(([name, { shape }], index) => [name, packed.has(index) ? tf.reshape(unpacked.get(index)!, [...shape]) : fed[name]!]),
        );
        const results = body({ ...scope, inputs: whole });
        const tensors = Object.values(results);
        if (tensors.length <= FEW || tensors.some(({ dtype }) => dtype !== 'float32')) return results;
        let at = 0;
        outputs = Object.entries(results).map(([name, { size }]) => ({ name, from: at, to: (at += size) }));
        const all = tf.concat(tensors.map((result) => tf.reshape(result, [-1])));
        tf.dispose(tensors.filter((result) => !(result instanceof tf.Variable)));
        return { [ALL]: all };
      },
    },
    pack: (values) => {
      for (const { parts, values: vector } of vectors) for (const { index, from } of parts) vector.set(values[index]!, from);
      return [...single.map((index) => values[index]!), ...vectors.map(({ values: vector }) => vector)];
    },
    unpack: (fetched) =>
      outputs.length === 0 ? fetched : Object.fromEntries(outputs.map(({ name, from, to }) => [name, fetched[ALL]!.subarray(from, to)])),
  };
};

/** Where an input, by its place in the signature, lies in a vector. */
interface Part {
  readonly index: number;
  readonly from: number;
  readonly size: number;
}

const takeApart = (vector: tf.Tensor, parts: readonly Part[]): [number, tf.Tensor][] => {
  const tensors = tf.split(
    vector,
    parts.map(({ size }) => size),
  );
  return parts.map(({ index }, i) => [index, tensors[i]!]);
};

const DTYPES = ['float32', 'int32'] as const satisfies readonly TensorSpec['dtype'][];

/** Room for all inputs of one type. */
const vectorOf = (dtype: TensorSpec['dtype'], specs: readonly (readonly [string, TensorSpec])[]) => {
  let length = 0;
  const parts: Part[] = [];
  for (const [index, [, spec]] of specs.entries())
    if (spec.dtype === dtype) {
      const size = sizeOf(spec.shape);
      parts.push({ index, from: length, size });
      length += size;
    }
  return { name: `all-${dtype}`, dtype, parts, values: dtype === 'int32' ? new Int32Array(length) : new Float32Array(length) };
};
