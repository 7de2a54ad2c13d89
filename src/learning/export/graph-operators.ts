import * as tf from '@tensorflow/tfjs';
import type { OnnxNode } from './onnx-model.js';

/** What one operator of an exported graph computes: here, to check a file, and as a line of the reference module in Python. */
export interface GraphOperator {
  readonly compute: (inputs: readonly tf.Tensor[], settings: OperatorSettings) => tf.Tensor;
  /** A PyTorch expression of its inputs' expressions. */
  readonly python: (inputs: readonly string[], settings: OperatorSettings) => string;
}

export type OperatorSettings = Pick<OnnxNode, 'axis' | 'integers'>;

/** The end of a slice that goes to the end. */
export const TO_THE_END = 2 ** 31 - 1;

/** Every operator that exported networks are made of. To add one, a line here. */
export const graphOperators: Readonly<Record<string, GraphOperator>> = {
  Add: { compute: ([a, b]) => tf.add(a!, b!), python: ([a, b]) => `${a} + ${b}` },
  Concat: {
    compute: (inputs, { axis }) => tf.concat([...inputs], axis),
    python: (inputs, { axis }) => `torch.cat((${inputs.join(', ')}), dim=${axis})`,
  },
  Gemm: { compute: ([x, w, b]) => tf.add(tf.matMul(x!, w!), b!), python: ([x, w, b]) => `torch.addmm(${b}, ${x}, ${w})` },
  // Over the last axis and with 1e-5 added to the variance, the operator's defaults in ONNX and in PyTorch.
  LayerNormalization: {
    compute: ([x, gain, shift]) => {
      const centred = tf.sub(x!, tf.mean(x!, -1, true));
      const variance = tf.mean(tf.square(centred), -1, true);
      return tf.add(tf.mul(tf.mul(centred, tf.rsqrt(tf.add(variance, 1e-5))), gain!), shift!);
    },
    python: ([x, gain, shift]) => `torch.nn.functional.layer_norm(${x}, ${x}.shape[-1:], ${gain}, ${shift})`,
  },
  MatMul: { compute: ([a, b]) => rowsTimes(a!, b!), python: ([a, b]) => `${a} @ ${b}` },
  ReduceMean: {
    compute: ([x], { axis }) => tf.mean(x!, axis, true),
    python: ([x], { axis }) => `${x}.mean(${axis === undefined ? '' : `dim=${axis}, `}keepdim=True)`,
  },
  Relu: { compute: ([x]) => tf.relu(x!), python: ([x]) => `torch.relu(${x})` },
  /** A side of 0 is that of the input, as ONNX has it. */
  Reshape: {
    compute: ([x], { integers }) =>
      tf.reshape(
        x!,
        integers![0]!.map((side, axis) => (side === 0 ? x!.shape[axis]! : side)),
      ),
    python: ([x], { integers }) =>
      `${x}.reshape(${integers![0]!.map((side, axis) => (side === 0 ? `${x}.shape[${axis}]` : side)).join(', ')})`,
  },
  /** Along one axis. */
  Slice: {
    compute([x], { integers }) {
      const [from, to, axis] = integers!.map(([first]) => first!);
      const side = x!.shape[axis!]!;
      const place = (index: number): number => Math.min(side, index < 0 ? side + index : index);
      const begin = x!.shape.map(() => 0).with(axis!, place(from!));
      return tf.slice(x!, begin, x!.shape.with(axis!, place(to!) - place(from!)));
    },
    python([x], { integers }) {
      const [from, to, axis] = integers!.map(([first]) => first!);
      return `${x}[${':, '.repeat(axis!)}${from}:${to === TO_THE_END ? '' : to}]`;
    },
  },
  Sub: { compute: ([a, b]) => tf.sub(a!, b!), python: ([a, b]) => `${a} - ${b}` },
};

/** Matrices of one product, or the rows of a pile of them by one matrix. */
const rowsTimes = (a: tf.Tensor, b: tf.Tensor): tf.Tensor =>
  a.rank === 2 ? tf.matMul(a, b) : tf.reshape(tf.matMul(tf.reshape(a, [-1, b.shape[0]]), b), [...a.shape.slice(0, -1), b.shape[1]!]);

/** The operator of that name. Throws `RangeError` when the table has none. */
export const graphOperator = (name: string): GraphOperator => {
  const operator = graphOperators[name];
  if (operator !== undefined) return operator;
  throw new RangeError(
    `operator ${name} of the exported graph is not known: expected one of ${Object.keys(graphOperators).join(', ')}; add a line to graph-operators`,
  );
};
