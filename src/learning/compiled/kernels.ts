import * as tf from '@tensorflow/tfjs';
import { BFLOAT16, DATA_TYPE, typeAttribute, typedValues, type GraphType } from './graph.js';
import { kernel, variadicKernel, type Kernel } from './kernel.js';
import { CannotCompile, type Trace } from './trace-backend.js';

const { assertAndGetBroadcastShape } = tf.backend_util;
const INT = { type: DATA_TYPE.int32 } as const;
const FLOAT = { type: DATA_TYPE.float32 } as const;

const integers = ({ graph }: Trace, values: readonly number[]): string => graph.constant(Int32Array.from(values), [values.length], 'int32');
const scalar = ({ graph }: Trace, value: number, dtype: GraphType): string => graph.constant(typedValues([value], dtype), [], dtype);
const integer = (trace: Trace, value: number): string => scalar(trace, value, 'int32');
const float = (trace: Trace, value: number): string => scalar(trace, value, 'float32');

/** Two broadcast inputs; the output has their type, or is bool. */
const binary = (op: string, output?: 'bool'): Kernel =>
  kernel(['a', 'b'], [], (trace, { a, b }) => {
    if (a.dtype !== b.dtype) throw new CannotCompile(`the inputs are ${a.dtype} and ${b.dtype}: expected one type`);
    const shape = assertAndGetBroadcastShape(a.shape, b.shape);
    return trace.emit(op, [trace.reference(a), trace.reference(b)], { T: typeAttribute(a.dtype) }, shape, output ?? a.dtype);
  });

/** One input; the output has its shape and type. */
const unary = (op: string): Kernel =>
  kernel(['x'], [], (trace, { x }) => trace.emit(op, [trace.reference(x)], { T: typeAttribute(x.dtype) }, x.shape, x.dtype));

/** Reduction over the axes that an attribute names, by default over all. */
const reduction = (op: string, axis = 'axis'): Kernel =>
  kernel(['x'], [axis, 'keepDims'], (trace, { x }, attributes) => {
    const axes = attributes.axes(axis, x.shape);
    const keepDims = attributes.flag('keepDims');
    const shape = x.shape.flatMap((side, i) => (!axes.includes(i) ? [side] : keepDims ? [1] : []));
    return trace.emit(
      op,
      [trace.reference(x), integers(trace, axes)],
      { T: typeAttribute(x.dtype), Tidx: INT, keep_dims: { b: keepDims } },
      shape,
      x.dtype,
    );
  });

const reshape = (trace: Trace, x: tf.TensorInfo, shape: number[]): tf.TensorInfo =>
  trace.emit('Reshape', [trace.reference(x), integers(trace, shape)], { T: typeAttribute(x.dtype), Tshape: INT }, shape, x.dtype);

const cast = (trace: Trace, x: tf.TensorInfo, dtype: GraphType): tf.TensorInfo =>
  trace.emit('Cast', [trace.reference(x)], { SrcT: typeAttribute(x.dtype), DstT: typeAttribute(dtype) }, x.shape, dtype);

/** Every kernel of TensorFlow.js that can be compiled, with what it becomes. To add one: a line here, and a line in the contract test. */
export const kernels = {
  Add: binary('AddV2'),
  Sub: binary('Sub'),
  Multiply: binary('Mul'),
  RealDiv: binary('RealDiv'),
  Maximum: binary('Maximum'),
  Minimum: binary('Minimum'),
  Pow: binary('Pow'),
  SquaredDifference: binary('SquaredDifference'),
  Equal: binary('Equal', 'bool'),
  NotEqual: binary('NotEqual', 'bool'),
  Less: binary('Less', 'bool'),
  LessEqual: binary('LessEqual', 'bool'),
  Greater: binary('Greater', 'bool'),
  GreaterEqual: binary('GreaterEqual', 'bool'),
  LogicalAnd: kernel(['a', 'b'], [], (trace, { a, b }) =>
    trace.emit('LogicalAnd', [trace.reference(a), trace.reference(b)], {}, assertAndGetBroadcastShape(a.shape, b.shape), 'bool'),
  ),

  Abs: unary('Abs'),
  Exp: unary('Exp'),
  Expm1: unary('Expm1'),
  Identity: unary('Identity'),
  Log: unary('Log'),
  Neg: unary('Neg'),
  Relu: unary('Relu'),
  Rsqrt: unary('Rsqrt'),
  Sigmoid: unary('Sigmoid'),
  Sign: unary('Sign'),
  Sqrt: unary('Sqrt'),
  Square: unary('Square'),
  Tanh: unary('Tanh'),
  ZerosLike: unary('ZerosLike'),

  Sum: reduction('Sum'),
  Mean: reduction('Mean'),
  Max: reduction('Max', 'reductionIndices'),
  Min: reduction('Min'),
  ArgMax: kernel(['x'], ['axis'], (trace, { x }, attributes) => {
    const axis = attributes.axis('axis', x.shape);
    return trace.emit(
      'ArgMax',
      [trace.reference(x), integer(trace, axis)],
      { T: typeAttribute(x.dtype), Tidx: INT, output_type: INT },
      x.shape.toSpliced(axis, 1),
      'int32',
    );
  }),

  /** 1 where x > 0, else `alpha`: the gradient of `abs` has alpha -1, and without it training goes wrong while the first loss is right. */
  Step: kernel(['x'], ['alpha'], (trace, { x }, attributes) => {
    const positive = trace.emit('Greater', [trace.reference(x), float(trace, 0)], { T: typeAttribute(x.dtype) }, x.shape, 'bool');
    const alpha = attributes.number('alpha', 0);
    const step = cast(trace, positive, 'float32');
    if (alpha === 0) return step;
    const T = typeAttribute('float32');
    const scaled = trace.emit('Mul', [trace.reference(step), float(trace, 1 - alpha)], { T }, x.shape, 'float32');
    return trace.emit('AddV2', [trace.reference(scaled), float(trace, alpha)], { T }, x.shape, 'float32');
  }),
  Cast: kernel(['x'], ['dtype'], (trace, { x }, attributes) => cast(trace, x, attributes.type('dtype'))),
  Select: kernel(['condition', 't', 'e'], [], (trace, { condition, t, e }) =>
    trace.emit('SelectV2', [condition, t, e].map(trace.reference), { T: typeAttribute(t.dtype) }, t.shape, t.dtype),
  ),
  OneHot: kernel(['indices'], ['depth', 'onValue', 'offValue', 'dtype'], (trace, { indices }, attributes) => {
    const dtype = attributes.type('dtype');
    const depth = attributes.number('depth');
    const values = ['onValue', 'offValue'].map((name) => scalar(trace, attributes.number(name), dtype));
    return trace.emit(
      'OneHot',
      [trace.reference(indices), integer(trace, depth), ...values],
      { T: typeAttribute(dtype), TI: typeAttribute(indices.dtype), axis: { i: -1 } },
      [...indices.shape, depth],
      dtype,
    );
  }),
  Fill: kernel([], ['shape', 'value', 'dtype'], (trace, _, attributes) => {
    const dtype = attributes.type('dtype', 'float32');
    const shape = attributes.numbers('shape');
    const value = scalar(trace, attributes.number('value'), dtype);
    return trace.emit('Fill', [integers(trace, shape), value], { T: typeAttribute(dtype), index_type: INT }, shape, dtype);
  }),

  Reshape: kernel(['x'], ['shape'], (trace, { x }, attributes) =>
    reshape(trace, x, tf.util.inferFromImplicitShape(attributes.numbers('shape'), tf.util.sizeFromShape(x.shape))),
  ),
  Tile: kernel(['x'], ['reps'], (trace, { x }, attributes) => {
    const reps = attributes.numbers('reps');
    const shape = x.shape.map((side, axis) => side * reps[axis]!);
    return trace.emit('Tile', [trace.reference(x), integers(trace, reps)], { T: typeAttribute(x.dtype), Tmultiples: INT }, shape, x.dtype);
  }),
  Transpose: kernel(['x'], ['perm'], (trace, { x }, attributes) => {
    const perm = attributes.numbers('perm');
    const shape = perm.map((axis) => x.shape[axis]!);
    return trace.emit('Transpose', [trace.reference(x), integers(trace, perm)], { T: typeAttribute(x.dtype), Tperm: INT }, shape, x.dtype);
  }),
  GatherV2: kernel(['x', 'indices'], ['axis', 'batchDims'], (trace, { x, indices }, attributes) => {
    if (attributes.number('batchDims', 0) !== 0) throw new CannotCompile('attribute batchDims is not supported: expected 0');
    const axis = attributes.axis('axis', x.shape);
    return trace.emit(
      'GatherV2',
      [trace.reference(x), trace.reference(indices), integer(trace, axis)],
      { Tparams: typeAttribute(x.dtype), Tindices: typeAttribute(indices.dtype), Taxis: INT, batch_dims: { i: 0 } },
      x.shape.toSpliced(axis, 1, ...indices.shape),
      x.dtype,
    );
  }),
  Concat: variadicKernel(['axis'], (trace, tensors, attributes) => {
    const first = tensors[0]!;
    const axis = attributes.axis('axis', first.shape);
    const side = tensors.reduce((sum, { shape }) => sum + shape[axis]!, 0);
    return trace.emit(
      'ConcatV2',
      [...tensors.map(trace.reference), integer(trace, axis)],
      { T: typeAttribute(first.dtype), N: { i: tensors.length }, Tidx: INT },
      first.shape.with(axis, side),
      first.dtype,
    );
  }),
  Pack: variadicKernel(['axis'], (trace, tensors, attributes) => {
    const first = tensors[0]!;
    const axis = attributes.number('axis', 0);
    return trace.emit(
      'Pack',
      tensors.map(trace.reference),
      { T: typeAttribute(first.dtype), N: { i: tensors.length }, axis: { i: axis } },
      first.shape.toSpliced(axis, 0, tensors.length),
      first.dtype,
    );
  }),
  Slice: kernel(['x'], ['begin', 'size'], (trace, { x }, attributes) => {
    const begin = attributes.numbers('begin');
    const shape = attributes.numbers('size').map((size, axis) => (size === -1 ? x.shape[axis]! - begin[axis]! : size));
    return trace.emit(
      'Slice',
      [trace.reference(x), integers(trace, begin), integers(trace, shape)],
      { T: typeAttribute(x.dtype), Index: INT },
      shape,
      x.dtype,
    );
  }),
  SplitV: kernel(['x'], ['numOrSizeSplits', 'axis'], (trace, { x }, attributes) => {
    const axis = attributes.axis('axis', x.shape);
    const sizes = attributes.numbers('numOrSizeSplits');
    if (sizes.length < 2 || sizes.reduce((sum, size) => sum + size) !== x.shape[axis])
      throw new CannotCompile(
        `attribute numOrSizeSplits = ${JSON.stringify(sizes)} is not supported: expected sizes that add up to ${x.shape[axis]}`,
      );
    const node = trace.graph.add('SplitV', [trace.reference(x), integers(trace, sizes), integer(trace, axis)], {
      T: typeAttribute(x.dtype),
      Tlen: INT,
      num_split: { i: sizes.length },
    });
    return sizes.map((side, i) => trace.symbol(`${node}:${i}`, x.shape.with(axis, side), x.dtype));
  }),
  Unpack: kernel(['value'], ['axis'], (trace, { value }, attributes) => {
    const axis = attributes.axis('axis', value.shape);
    const count = value.shape[axis]!;
    const node = trace.graph.add('Unpack', [trace.reference(value)], {
      T: typeAttribute(value.dtype),
      num: { i: count },
      axis: { i: axis },
    });
    return Array.from({ length: count }, (_, i) => trace.symbol(`${node}:${i}`, value.shape.toSpliced(axis, 1), value.dtype));
  }),

  BatchMatMul: kernel(['a', 'b'], ['transposeA', 'transposeB'], (trace, { a, b }, attributes) => {
    const transposeA = attributes.flag('transposeA');
    const transposeB = attributes.flag('transposeB');
    if (a.shape.length !== 2 || b.shape.length !== 2)
      throw new CannotCompile(`matrices of rank ${a.shape.length} and ${b.shape.length} are not supported: expected rank 2`);
    const [rows, inner, columns] = [a.shape[transposeA ? 1 : 0]!, a.shape[transposeA ? 0 : 1]!, b.shape[transposeB ? 0 : 1]!];
    const short = trace.productType === 'bfloat16';
    // A head of one output: oneDNN's MatMul adds up a single column in another order than BatchMatMulV2, which is what runs eagerly.
    if (columns === 1 && !short && !transposeA && !transposeB)
      return trace.emit(
        'BatchMatMulV2',
        [trace.reference(a), trace.reference(b)],
        { T: typeAttribute(a.dtype), adj_x: { b: false }, adj_y: { b: false } },
        [rows, columns],
        a.dtype,
      );
    const operand = (x: tf.TensorInfo): string =>
      short ? trace.graph.add('Cast', [trace.reference(x)], { SrcT: FLOAT, DstT: BFLOAT16 }) : trace.reference(x);
    const product = trace.graph.add('MatMul', [operand(a), operand(b)], {
      T: short ? BFLOAT16 : typeAttribute(a.dtype),
      transpose_a: { b: transposeA },
      transpose_b: { b: transposeB },
    });
    trace.products.set(product, 2 * rows * inner * columns);
    return short
      ? trace.emit('Cast', [product], { SrcT: BFLOAT16, DstT: FLOAT }, [rows, columns], a.dtype)
      : trace.symbol(product, [rows, columns], a.dtype);
  }),
} as const satisfies Readonly<Record<string, Kernel>>;
