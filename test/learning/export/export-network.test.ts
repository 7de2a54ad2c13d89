import assert from 'node:assert/strict';
import type { AgentConfig } from '../../../src/config/sections/training.js';
import { computeGraph } from '../../../src/learning/export/compute-graph.js';
import { exportNetwork } from '../../../src/learning/export/export-network.js';
import { exportFormatNames, exportFormats, formatOfFile, type ExportFormat } from '../../../src/learning/export/formats.js';
import { decodeOnnx, encodeOnnx } from '../../../src/learning/export/onnx-model.js';
import { exportOnnx } from '../../../src/learning/export/onnx.js';
import { createRandom } from '../../../src/learning/random.js';
import { noiseBatches, smallLearnerOptions, withLearner } from '../../support/learning/learner.js';

const SIZE = 3 * 5 + 4;

/** A served graph that has learned something. */
const agents = {
  'hidden head layers': {},
  'no hidden head layers': { head: 0 },
  convolutions: {
    encoder: 'conv',
    convolution: [
      { stride: 2, channels: 6 },
      { stride: 2, channels: 4 },
    ],
  },
  'layer norms and quantiles': { layerNorm: true, quantiles: 4, cvar: 0.5 },
} as const satisfies Readonly<Record<string, Partial<AgentConfig>>>;

const trainGraph = async (agent: keyof typeof agents): Promise<Uint8Array> => {
  const options = smallLearnerOptions({ learningRate: 0.002, ...agents[agent] });
  const online = await withLearner(options, (learner) => {
    for (const batch of noiseBatches(60, options)) learner.step(batch);
    return learner.state();
  });
  return exportOnnx({ online, agent: options.agent, observationSize: SIZE, lookback: 5, bins: options.bins });
};

const graphs = new Map<string, Promise<Uint8Array>>();
const servedGraph = (agent: keyof typeof agents = 'hidden head layers'): Promise<Uint8Array> => {
  const graph = graphs.get(agent) ?? trainGraph(agent);
  graphs.set(agent, graph);
  return graph;
};

const exported = (onnx: Uint8Array, format: ExportFormat) =>
  exportNetwork({ onnx, format, random: createRandom(1, 'export'), title: 'A test.', file: `q.${format.extensions[0]}` });

describe('exportNetwork', () => {
  for (const name of exportFormatNames)
    for (const agent of Object.keys(agents) as (keyof typeof agents)[])
      it(`writes ${name} that gives the live model's Q-values to 1e-5, with ${agent}`, async () => {
        const onnx = await servedGraph(agent);
        const format: ExportFormat = exportFormats[name];
        const { bytes, states, largestDifference } = await exported(onnx, format);
        assert.equal(states, 256);
        assert.ok(largestDifference <= 1e-5, String(largestDifference));
        const graph = decodeOnnx(onnx);
        assert.deepEqual(
          format.read(bytes, graph).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
          graph.weights.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
          'the parameters are bit for bit those that are served',
        );
      });

  it('refuses a file that would answer otherwise, whichever parameter is lost', async () => {
    const onnx = await servedGraph();
    const graph = decodeOnnx(onnx);
    const rows = Float32Array.from({ length: 4 * SIZE }, (_, i) => Math.sin(i));
    const right = computeGraph(graph, graph.weights, rows, 4);
    for (const { name } of graph.weights.filter((weight) => !weight.name.startsWith('volatility'))) {
      const damaged = graph.weights.map((weight) =>
        weight.name === name ? { ...weight, values: weight.values.map((value, i) => value + Math.sin(i + 1)) } : weight,
      );
      const wrong = computeGraph(graph, damaged, rows, 4);
      const gap = Math.max(...right.quantity!.map((value, i) => Math.abs(value - wrong.quantity![i]!)), ...right.price!.map((value, i) => Math.abs(value - wrong.price![i]!))); // prettier-ignore
      assert.ok(gap > 1e-4, `${name} does not matter: ${gap}`);
    }
    const { safetensors } = exportFormats;
    const rounded = (values: Float32Array): Float32Array => values.map((value) => Math.round(value * 100) / 100);
    const lossy: ExportFormat = {
      ...safetensors,
      write: (given) => safetensors.write({ ...given, weights: given.weights.map((weight) => ({ ...weight, values: rounded(weight.values) })) }), // prettier-ignore
    };
    await assert.rejects(exported(onnx, lossy), {
      name: 'ExportDiffers',
      message: /^q\.safetensors would give Q-values that differ by /,
    });
  });

  it('writes beside pt a module of the same parameters, and nothing beside the others', async () => {
    const onnx = await servedGraph();
    const { companion } = await exported(onnx, exportFormats.pt);
    assert.equal(companion?.extension, 'py');
    assert.match(companion.text, /^ {8}self\.trunk_0_weight = nn\.Parameter\(torch\.empty\(19, 16\)\)$/m);
    assert.match(companion.text, /^ {8}trunk_0_product = torch\.addmm\(self\.trunk_0_bias, observation, self\.trunk_0_weight\)$/m);
    assert.match(companion.text, /^ {8}return \{"price": price, "quantity": quantity, "volatility": volatility\}$/m);
    assert.equal((await exported(onnx, exportFormats.onnx)).companion, null);
    assert.equal((await exported(onnx, exportFormats.safetensors)).companion, null);
  });

  it('refuses a graph with an operator that it does not know', async () => {
    const graph = decodeOnnx(await servedGraph());
    const nodes = graph.nodes.map((node) => (node.operator === 'Relu' ? { ...node, operator: 'Sigmoid' } : node));
    await assert.rejects(exported(encodeOnnx({ ...graph, nodes }), exportFormats.onnx), {
      name: 'RangeError',
      message: /^operator Sigmoid of the exported graph is not known: expected one of Add, Concat, Gemm/,
    });
  });
});

describe('formatOfFile', () => {
  for (const [name, format] of [
    ['a.onnx', 'onnx'],
    ['A.SafeTensors', 'safetensors'],
    ['a.pt', 'pt'],
    ['a.onnx.pth', 'pt'],
    ['model', 'pt'],
    ['model.bin', 'pt'],
  ] as const)
    it(`takes ${name} for ${format}`, () => {
      assert.equal(formatOfFile(name), format);
    });
});
