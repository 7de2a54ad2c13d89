import type { AgentConfig } from '../../config/training.js';
import type { ActionBins } from '../../domain/action-codec.js';
import { orderedValues } from '../compiled/program.js';
import type { NamedTensor } from '../learner.js';
import { createNetwork, parameterShapes, type Layer } from '../network.js';
import { encodeOnnx, type OnnxNode } from './onnx-model.js';

export interface ExportOptions {
  /** A learner's state; only `online/…` is used. */
  readonly online: readonly NamedTensor[];
  readonly agent: Pick<AgentConfig, 'trunk' | 'head' | 'auxiliaryHead'>;
  readonly observationSize: number;
  readonly bins: ActionBins;
}

/**
 * The online network as an ONNX file: input `observation` [n, observationSize]; outputs `price` [n, price bins] and `quantity`
 * [n, quantity bins], both Q-values, and `volatility` [n, 1]. Throws `StateMismatch` when the weights do not fit the network.
 */
export const exportOnnx = ({ online, agent, observationSize, bins }: ExportOptions): Uint8Array => {
  const network = createNetwork(agent, observationSize, bins);
  const shapes = parameterShapes(network);
  const values = orderedValues(
    shapes,
    online.flatMap(({ name, ...tensor }) => (name.startsWith('online/') ? [{ name: name.slice('online/'.length), ...tensor }] : [])),
  );
  const trunk = dense(network.trunk, 'observation', 'features');
  const heads = [
    ...dense(network.value, 'features', 'value'),
    ...dense(network.price, 'features', 'price/advantage'),
    ...dense(network.quantity, 'features', 'quantity/advantage'),
    ...dense(network.volatility, 'features', 'volatility'),
  ];
  return encodeOnnx({
    nodes: [...trunk, ...heads, ...dueling('price'), ...dueling('quantity')],
    weights: Object.entries(shapes).map(([name, shape], i) => ({ name, shape, values: values[i]! })),
    inputs: [{ name: 'observation', width: observationSize }],
    outputs: [
      { name: 'price', width: bins.price },
      { name: 'quantity', width: bins.quantity },
      { name: 'volatility', width: 1 },
    ],
  });
};

/** The layers one after another, the last of which writes `output`. */
const dense = (layers: readonly Layer[], input: string, output: string): OnnxNode[] =>
  layers.flatMap(({ name, relu }, i): OnnxNode[] => {
    const from = i === 0 ? input : `${layers[i - 1]!.name}/out`;
    const to = i === layers.length - 1 ? output : `${name}/out`;
    const product = { operator: 'Gemm', inputs: [from, `${name}/weight`, `${name}/bias`], output: relu ? `${name}/product` : to };
    return relu ? [product, { operator: 'Relu', inputs: [product.output], output: to }] : [product];
  });

/** Q = value + advantage - mean advantage. */
const dueling = (branch: string): OnnxNode[] => [
  { operator: 'ReduceMean', inputs: [`${branch}/advantage`], output: `${branch}/mean`, axis: 1 },
  { operator: 'Sub', inputs: [`${branch}/advantage`, `${branch}/mean`], output: `${branch}/centred` },
  { operator: 'Add', inputs: ['value', `${branch}/centred`], output: branch },
];
