import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import { compile } from '../../../src/learning/compiled/compile.js';
import { kernels } from '../../../src/learning/compiled/kernels.js';
import type { Executor, Program, Signature, TensorSpec, Values } from '../../../src/learning/compiled/program.js';
import { runEagerly } from '../../../src/learning/compiled/run-eagerly.js';

interface Case {
  readonly inputs: Readonly<Record<string, TensorSpec & { readonly values: Values }>>;
  readonly attributes?: tf.NamedAttrMap;
  /** Inputs that are bool in the graph: a signature itself takes none. */
  readonly bools?: readonly string[];
  /** Calls a kernel of any number of inputs, which has no names for them. */
  readonly list?: (tensors: tf.Tensor[]) => tf.Tensor;
}

const floats = (shape: readonly number[], ...values: number[]) => ({ shape, dtype: 'float32', values: Float32Array.from(values) }) as const;
const ints = (shape: readonly number[], ...values: number[]) => ({ shape, dtype: 'int32', values: Int32Array.from(values) }) as const;

const square = floats([2, 3], -2, -0.5, 0, 0.25, 1, 3);
const column = floats([2, 1], 0.5, -1.5);
const positive = floats([2, 3], 0.1, 0.5, 1, 2, 3, 7);
const cube = floats([2, 2, 3], 1, -2, 3, -4, 5, -6, 7, -8, 9, -10, 11, -12);
const broadcast: readonly Case[] = [
  { inputs: { a: square, b: square } },
  { inputs: { a: square, b: column } },
  { inputs: { a: floats([], 0.25), b: square } },
];
const integersToo: readonly Case[] = [...broadcast, { inputs: { a: ints([3], 1, 2, 3), b: ints([2, 1], 5, 2) } }];
const one: readonly Case[] = [{ inputs: { x: square } }, { inputs: { x: floats([], -0.75) } }];
const onePositive: readonly Case[] = [{ inputs: { x: positive } }];
const reductions = (axis = 'axis'): readonly Case[] => [
  { inputs: { x: cube }, attributes: { [axis]: [1], keepDims: false } },
  { inputs: { x: cube }, attributes: { [axis]: [0, 2], keepDims: true } },
  { inputs: { x: cube }, attributes: { [axis]: [-1], keepDims: false } },
  { inputs: { x: cube }, attributes: { keepDims: false } },
];

/** At least one case for each kernel of the table; each attribute that the table honours is changed in one. */
const cases: Readonly<Record<keyof typeof kernels, readonly Case[]>> = {
  Add: integersToo,
  Sub: integersToo,
  Multiply: integersToo,
  RealDiv: [{ inputs: { a: square, b: positive } }, { inputs: { a: square, b: column } }],
  Maximum: integersToo,
  Minimum: integersToo,
  Pow: [{ inputs: { a: positive, b: column } }],
  SquaredDifference: broadcast,
  Equal: integersToo,
  NotEqual: integersToo,
  Less: integersToo,
  LessEqual: integersToo,
  Greater: integersToo,
  GreaterEqual: integersToo,
  LogicalAnd: [{ inputs: { a: ints([4], 0, 0, 1, 1), b: ints([4], 0, 1, 0, 1) }, bools: ['a', 'b'] }],
  Abs: one,
  Exp: one,
  Expm1: [...one, { inputs: { x: floats([2], -1e-3, 1e-7) } }],
  Identity: one,
  Log: onePositive,
  Neg: one,
  Relu: one,
  Rsqrt: onePositive,
  Sigmoid: one,
  Sign: one,
  Sqrt: onePositive,
  Square: one,
  Tanh: one,
  ZerosLike: one,
  Sum: reductions(),
  Mean: reductions(),
  Max: reductions('reductionIndices'),
  Min: reductions(),
  ArgMax: [
    { inputs: { x: cube }, attributes: { axis: 2 } },
    { inputs: { x: cube }, attributes: { axis: 0 } },
    { inputs: { x: floats([1, 4], 1, 3, 3, 2) }, attributes: { axis: 1 } },
  ],
  Step: [
    { inputs: { x: square }, attributes: { alpha: 0 } },
    { inputs: { x: square }, attributes: { alpha: -1 } },
    { inputs: { x: square }, attributes: { alpha: 0.25 } },
  ],
  Cast: [
    { inputs: { x: square }, attributes: { dtype: 'int32' } },
    { inputs: { x: square }, attributes: { dtype: 'bool' } },
    { inputs: { x: ints([2], -7, 9) }, attributes: { dtype: 'float32' } },
  ],
  Select: [{ inputs: { condition: ints([2, 3], 0, 1, 1, 0, 1, 0), t: square, e: positive }, bools: ['condition'] }],
  OneHot: [
    { inputs: { indices: ints([3], 0, 2, 1) }, attributes: { depth: 3, onValue: 1, offValue: 0, dtype: 'float32' } },
    { inputs: { indices: ints([2, 2], 0, 3, 1, 1) }, attributes: { depth: 4, onValue: 5, offValue: -2, dtype: 'int32' } },
  ],
  Fill: [
    { inputs: {}, attributes: { shape: [2, 2], value: 0.5, dtype: 'float32' } },
    { inputs: {}, attributes: { shape: [3], value: 7, dtype: 'int32' } },
  ],
  Reshape: [
    { inputs: { x: cube }, attributes: { shape: [4, 3] } },
    { inputs: { x: cube }, attributes: { shape: [2, -1] } },
  ],
  Tile: [{ inputs: { x: square }, attributes: { reps: [2, 3] } }],
  Transpose: [{ inputs: { x: cube }, attributes: { perm: [2, 0, 1] } }],
  GatherV2: [
    { inputs: { x: square, indices: ints([3], 1, 0, 1) }, attributes: { axis: 0, batchDims: 0 } },
    { inputs: { x: cube, indices: ints([2, 2], 1, 0, 0, 2) }, attributes: { axis: 2, batchDims: 0 } },
  ],
  Concat: [
    { inputs: { a: square, b: positive }, list: (tensors) => tf.concat(tensors, 0) },
    { inputs: { a: square, b: column, c: positive }, list: (tensors) => tf.concat(tensors, 1) },
  ],
  Pack: [
    { inputs: { a: square, b: positive }, list: (tensors) => tf.stack(tensors, 0) },
    { inputs: { a: square, b: positive, c: square }, list: (tensors) => tf.stack(tensors, 2) },
  ],
  Slice: [
    { inputs: { x: square }, attributes: { begin: [0, 1], size: [2, 2] } },
    { inputs: { x: cube }, attributes: { begin: [1, 0, 1], size: [1, -1, -1] } },
  ],
  SplitV: [
    { inputs: { x: square }, attributes: { numOrSizeSplits: [1, 2], axis: 1 } },
    { inputs: { x: cube }, attributes: { numOrSizeSplits: [1, 1], axis: 0 } },
  ],
  Unpack: [{ inputs: { value: cube }, attributes: { axis: 1 } }],
  BatchMatMul: [
    { inputs: { a: square, b: positive }, attributes: { transposeA: false, transposeB: true } },
    { inputs: { a: square, b: positive }, attributes: { transposeA: true, transposeB: false } },
    { inputs: { a: square, b: floats([3, 1], 1, 2, 3) }, attributes: { transposeA: false, transposeB: false } },
  ],
};

const runKernel = (kernel: string, inputs: tf.NamedTensorMap, attributes: tf.NamedAttrMap): tf.Tensor | tf.Tensor[] =>
  tf.engine().runKernel(kernel, inputs, attributes);

const signatureOf = (kernel: string, { inputs, attributes, bools = [], list }: Case): Signature => ({
  inputs,
  body: (scope) => {
    const tensors = Object.entries(scope.inputs).map(
      ([name, tensor]) => [name, bools.includes(name) ? tf.cast(tensor, 'bool') : tensor] as const,
    );
    const outputs = list?.(Object.values(scope.inputs)) ?? runKernel(kernel, Object.fromEntries(tensors), attributes ?? {});
    return Object.fromEntries([outputs].flat().map((output, i) => [`output${i}`, tf.cast(output, 'float32')]));
  },
});

describe('kernels', () => {
  const entries = Object.entries(cases).flatMap(([kernel, list]) => list.map((item, i) => ({ kernel, item, name: `${kernel}_${i}` })));
  const program: Program = {
    constants: {},
    variables: {},
    signatures: Object.fromEntries(entries.map(({ kernel, item, name }) => [name, signatureOf(kernel, item)])),
  };
  let compiled: Executor;
  let eager: Executor;
  before(async () => {
    compiled = await compile(program);
    eager = runEagerly(program);
  });
  after(() => {
    compiled.dispose();
    eager.dispose();
  });

  for (const kernel of Object.keys(kernels))
    it(`${kernel} compiled gives what ${kernel} gives eagerly`, () => {
      const mine = entries.filter((entry) => entry.kernel === kernel);
      assert.ok(mine.length > 0);
      for (const { name, item } of mine) {
        const inputs = Object.fromEntries(Object.entries(item.inputs).map(([input, { values }]) => [input, values]));
        const expected = eager.run(name, inputs);
        const actual = compiled.run(name, inputs);
        assert.deepEqual(Object.keys(actual), Object.keys(expected));
        for (const [output, values] of Object.entries(expected)) {
          assert.equal(actual[output]!.length, values.length);
          values.forEach((value, i) =>
            assert.ok(Math.abs(actual[output]![i]! - value) <= 1e-6 * Math.max(1, Math.abs(value)), `${name} ${output}[${i}]`),
          );
        }
      }
    });
});
