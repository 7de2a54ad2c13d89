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
