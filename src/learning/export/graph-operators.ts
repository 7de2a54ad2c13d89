import * as tf from '@tensorflow/tfjs';

/** What one operator of an exported graph computes: here, to check a file, and as a line of the reference module in Python. */
export interface GraphOperator {
  readonly compute: (inputs: readonly tf.Tensor[], axis: number | undefined) => tf.Tensor;
  /** A PyTorch expression of its inputs' expressions. */
  readonly python: (inputs: readonly string[], axis: number | undefined) => string;
}

/** Every operator that exported networks are made of. To add one, a line here. */
export const graphOperators: Readonly<Record<string, GraphOperator>> = {
  Add: { compute: ([a, b]) => tf.add(a!, b!), python: ([a, b]) => `${a} + ${b}` },
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
  MatMul: { compute: ([a, b]) => tf.matMul(a!, b!), python: ([a, b]) => `${a} @ ${b}` },
  ReduceMean: {
    compute: ([x], axis) => tf.mean(x!, axis, true),
    python: ([x], axis) => `${x}.mean(${axis === undefined ? '' : `dim=${axis}, `}keepdim=True)`,
  },
  Relu: { compute: ([x]) => tf.relu(x!), python: ([x]) => `torch.relu(${x})` },
  Sub: { compute: ([a, b]) => tf.sub(a!, b!), python: ([a, b]) => `${a} - ${b}` },
};

/** The operator of that name. Throws `RangeError` when the table has none. */
export const graphOperator = (name: string): GraphOperator => {
  const operator = graphOperators[name];
  if (operator !== undefined) return operator;
  throw new RangeError(
    `operator ${name} of the exported graph is not known: expected one of ${Object.keys(graphOperators).join(', ')}; add a line to graph-operators`,
  );
};
