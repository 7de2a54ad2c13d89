import type { ActionBins } from '../../domain/agent/action-codec.js';
import { orderedValues } from '../compiled/program.js';
import type { NamedTensor } from '../learner.js';
import { createNetwork, parameterShapes, type Layer, type NetworkShape } from '../network.js';
import { meanNetwork } from './mean-network.js';
import { encodeOnnx, type OnnxNode } from './onnx-model.js';

export interface ExportOptions {
  /** A learner's state; only `online/…` is used. */
  readonly online: readonly NamedTensor[];
  readonly agent: NetworkShape;
  readonly observationSize: number;
  readonly bins: ActionBins;
}

/**
 * The online network as an ONNX file: input `observation` [n, observationSize]; outputs `price` [n, price bins] and `quantity`
 * [n, quantity bins], the values that bins are chosen by (Q-values; of quantiles the mean of those acted on), without noise, and `volatility`
 * [n, 1]. Throws `StateMismatch` when the weights do not fit the network.
 */
export const exportOnnx = ({ online, agent, observationSize, bins }: ExportOptions): Uint8Array => {
  const trained = createNetwork(agent, observationSize, { ...bins });
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
      ...dense(network.trunk, 'observation', 'features'),
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
  layers.flatMap(({ name, relu, normalised }, i): OnnxNode[] => {
    const from = i === 0 ? input : `${layers[i - 1]!.name}/out`;
    const to = i === layers.length - 1 ? output : `${name}/out`;
    const product = { operator: 'Gemm', inputs: [from, `${name}/weight`, `${name}/bias`], output: relu ? `${name}/product` : to };
    if (!relu) return [product];
    if (!normalised) return [product, { operator: 'Relu', inputs: [product.output], output: to }];
    // Over the last axis and with 1e-5 added to the variance, as the operator does unless told otherwise.
    const norm = {
      operator: 'LayerNormalization',
      inputs: [product.output, `${name}/gain`, `${name}/shift`],
      output: `${name}/normalised`,
    };
    return [product, norm, { operator: 'Relu', inputs: [norm.output], output: to }];
  });

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
