import type { ActionBins } from '../../domain/agent/action-codec.js';
import { orderedValues } from '../compiled/program.js';
import type { NamedTensor } from '../learner.js';
import { createNetwork, parameterShapes, type Encoder, type Layer, type NetworkShape } from '../network.js';
import { TO_THE_END } from './graph-operators.js';
import { meanNetwork } from './mean-network.js';
import { encodeOnnx, type OnnxNode } from './onnx-model.js';

export interface ExportOptions {
  /** A learner's state; only `online/…` is used. */
  readonly online: readonly NamedTensor[];
  readonly agent: NetworkShape;
  readonly observationSize: number;
  /** Rows of an observation's window, which a convolution needs to know. */
  readonly lookback?: number | null;
  readonly bins: ActionBins;
}

/**
 * The online network as an ONNX file: input `observation` [n, observationSize]; outputs `price` [n, price bins] and `quantity`
 * [n, quantity bins], the values that bins are chosen by (Q-values; of quantiles the mean of those acted on), without noise, and `volatility`
 * [n, 1]. Throws `StateMismatch` when the weights do not fit the network, and `RangeError` where it convolves over no window.
 */
export const exportOnnx = ({ online, agent, observationSize, lookback = null, bins }: ExportOptions): Uint8Array => {
  const trained = createNetwork(agent, observationSize, { ...bins }, { lookback });
  const shapes = parameterShapes(trained);
  const values = orderedValues(
    shapes,
    online.flatMap(({ name, ...tensor }) => (name.startsWith('online/') ? [{ name: name.slice('online/'.length), ...tensor }] : [])),
  );
  const { network, parameters } = meanNetwork(trained, new Map(Object.keys(shapes).map((name, i) => [name, values[i]!])));
  const branches = Object.entries(network.branches);
  const isDueling = network.value.length > 0;
  return encodeOnnx({
    nodes: [
      ...(network.encoder === null ? [] : convolutions(network.encoder, observationSize)),
      ...dense(network.trunk, network.encoder === null ? 'observation' : 'encoded', 'features'),
      ...dense(network.value, 'features', 'value'),
      ...branches.flatMap(([branch, head]) => dense(head, 'features', isDueling ? `${branch}/advantage` : branch)),
      ...dense(network.volatility, 'features', 'volatility'),
      ...(isDueling ? branches.flatMap(([branch]) => dueling(branch)) : []),
    ],
    weights: [
      ...Object.entries(parameterShapes(network)).map(([name, shape]) => ({ name, shape, values: parameters.get(name)! })),
      ...(isDueling ? Object.entries(network.bins).map(([branch, width]) => averaging(branch, width)) : []),
    ],
    inputs: [{ name: 'observation', width: observationSize }],
    outputs: [...Object.entries(network.bins).map(([name, width]) => ({ name, width })), { name: 'volatility', width: 1 }],
  });
};

/** The layers one after another, the last of which writes `output`. */
const dense = (layers: readonly Layer[], input: string, output: string): OnnxNode[] =>
  layers.flatMap((layer, i): OnnxNode[] => {
    const { name, relu } = layer;
    const from = i === 0 ? input : `${layers[i - 1]!.name}/out`;
    const to = i === layers.length - 1 ? output : `${name}/out`;
    const product = { operator: 'Gemm', inputs: [from, `${name}/weight`, `${name}/bias`], output: relu ? `${name}/product` : to };
    return relu ? [product, ...activated(layer, to)] : [product];
  });

/** ReLU of a layer's product, after its norm where it has one. */
const activated = ({ name, normalised }: Layer, output: string): OnnxNode[] => {
  const product = `${name}/product`;
  if (!normalised) return [{ operator: 'Relu', inputs: [product], output }];
  // Over the last axis and with 1e-5 added to the variance, as the operator does unless told otherwise.
  const norm = { operator: 'LayerNormalization', inputs: [product, `${name}/gain`, `${name}/shift`], output: `${name}/normalised` };
  return [norm, { operator: 'Relu', inputs: [norm.output], output }];
};

/**
 * From `observation` to `encoded`: its window after the convolutions, and the rest of it. No node says how many features there are, so that the
 * graph holds for any, with weights to fit (`teacherFor`).
 */
const convolutions = ({ layers, rows, columns, padding }: Encoder, observationSize: number): OnnxNode[] => {
  const rest = observationSize - rows * columns;
  const slice = (input: string, output: string, from: number, to: number): OnnxNode => ({ operator: 'Slice', inputs: [input], output, integers: [[from], [to], [1]] }); // prettier-ignore
  const reshape = (input: string, output: string, ...shape: number[]): OnnxNode => ({ operator: 'Reshape', inputs: [input], output, integers: [shape] }); // prettier-ignore
  const join = (inputs: readonly string[], output: string): OnnxNode => ({ operator: 'Concat', inputs, output, axis: 1 });
  const oldest = Array.from({ length: padding }, () => 'window/oldest');
  return [
    slice('observation', 'window/numbers', 0, -rest),
    reshape('window/numbers', 'window/rows', 0, rows, -1),
    ...(padding === 0 ? [] : [slice('window/rows', 'window/oldest', 0, 1), join([...oldest, 'window/rows'], 'window/padded')]),
    ...layers.flatMap((layer, i): OnnxNode[] => {
      const { name, patches } = layer;
      const from = i > 0 ? `${layers[i - 1]!.name}/out` : padding === 0 ? 'window/rows' : 'window/padded';
      return [
        reshape(from, `${name}/patches`, 0, patches, -1),
        { operator: 'MatMul', inputs: [`${name}/patches`, `${name}/weight`], output: `${name}/sum` },
        { operator: 'Add', inputs: [`${name}/sum`, `${name}/bias`], output: `${name}/product` },
        ...activated(layer, `${name}/out`),
      ];
    }),
    reshape(`${layers.at(-1)!.name}/out`, 'window/encoded', 0, -1),
    slice('observation', 'account', -rest, TO_THE_END),
    join(['window/encoded', 'account'], 'encoded'),
  ];
};

/** Q = value + advantage - mean advantage. */
const dueling = (branch: string): OnnxNode[] => [
  { operator: 'MatMul', inputs: [`${branch}/advantage`, `${branch}/averaging`], output: `${branch}/mean` },
  { operator: 'Sub', inputs: [`${branch}/advantage`, `${branch}/mean`], output: `${branch}/centred` },
  { operator: 'Add', inputs: ['value', `${branch}/centred`], output: branch },
];

/**
 * The matrix that puts a row's mean into each of its columns. A reduction would add a row's numbers in an order that depends on where in memory
 * the row lies, and so give an observation other last bits in a batch than alone.
 */
const averaging = (branch: string, width: number) => ({
  name: `${branch}/averaging`,
  shape: [width, width],
  values: new Float32Array(width * width).fill(1 / width),
});
