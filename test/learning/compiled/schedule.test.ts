import assert from 'node:assert/strict';
import fc from 'fast-check';
import { barStates } from '../../../src/learning/agent/states.js';
import { compile } from '../../../src/learning/compiled/compile.js';
import { nodeOf, type GraphNode } from '../../../src/learning/compiled/graph.js';
import type { NamedTensor } from '../../../src/learning/learner.js';
import { sizeOf } from '../../../src/learning/compiled/program.js';
import { scheduleProducts } from '../../../src/learning/compiled/schedule.js';
import { traceProgram } from '../../../src/learning/compiled/trace-program.js';
import { learnerProgram } from '../../../src/learning/learner-program.js';
import { createNetwork, initialParameters } from '../../../src/learning/network.js';
import { createRandom } from '../../../src/learning/random.js';
import { noiseBatches, smallLearnerOptions } from '../../support/learning/learner.js';
import { randomLearnerOptions } from '../../support/learning/random-learner.js';

const T = { T: { type: 1 } };
const node = (name: string, op: string, ...input: string[]): GraphNode => ({ name, op, input, attr: T });

/** By product, those that it needs or waits for, directly or not. */
const orderOf = (nodes: readonly GraphNode[], products: readonly string[]): Map<string, Set<string>> => {
  const byName = new Map(nodes.map((each) => [each.name, each]));
  const before = (name: string, path: readonly string[]): string[] => {
    assert(!path.includes(name), `a circle: ${[...path, name].join(' after ')}`);
    return (byName.get(name)?.input ?? []).flatMap((reference) => [nodeOf(reference), ...before(nodeOf(reference), [...path, name])]);
  };
  return new Map(products.map((product) => [product, new Set(before(product, []).filter((name) => products.includes(name)))]));
};

const waitsOf = (nodes: readonly GraphNode[]): string[] =>
  nodes
    .filter(({ name }) => name.endsWith('/gate'))
    .map(({ name, input }) => {
      const after = nodes.find((each) => each.name === nodeOf(input.at(-1)!))!;
      return `${nodeOf(name).replace('/gate', '')} after ${after.input[0]}`;
    });

describe('scheduleProducts', () => {
  /** Layers of a product, a bias and a ReLU: each pass one of 10, then one of 2; `end` needs all passes. */
  const passes = (count: number) => {
    const names = Array.from({ length: count }, (_, i) => 'abcdef'.charAt(i));
    const layer = (name: string, input: string): GraphNode[] => [
      node(`${name}/bias`, 'ReadVariableOp', 'handle'),
      node(name, 'MatMul', input, 'w'),
      node(`${name}/sum`, 'AddV2', name, `${name}/bias`),
      node(`${name}/relu`, 'Relu', `${name}/sum`),
    ];
    return {
      nodes: [
        ...names.flatMap((name) => [...layer(`${name}1`, 'x'), ...layer(`${name}2`, `${name}1/relu`)]),
        node('end', 'AddN', ...names.map((name) => `${name}2/relu`)),
      ],
      work: new Map(names.flatMap((name) => [[`${name}1`, 10] as const, [`${name}2`, 2] as const])),
    };
  };

  it('begins the third pass as soon as a lane is free, before the others are at their ends', () => {
    const { nodes, work } = passes(3);
    assert.deepEqual(waitsOf(scheduleProducts(nodes, work, 2)), ['a2 after b1/relu', 'b2 after a2/relu', 'c1 after a1/relu']);
  });

  it('leaves a graph as it is where one operation runs at a time, or all products can', () => {
    const { nodes, work } = passes(3);
    for (const lanes of [1, 6, 16]) assert.equal(scheduleProducts(nodes, work, lanes), nodes);
    assert.deepEqual(scheduleProducts(nodes, new Map(), 2), nodes);
  });

  it('gives each pass a lane where there are enough', () => {
    const { nodes, work } = passes(3);
    assert.deepEqual(waitsOf(scheduleProducts(nodes, work, 3)), []);
  });

  it('lets small products run whenever they can', () => {
    const { nodes, work } = passes(3);
    const small = new Map([...work].map(([name, operations]) => [name, operations === 2 ? 0.4 : operations]));
    assert.deepEqual(waitsOf(scheduleProducts(nodes, small, 2)), ['c1 after a1/relu']);
  });

  it('puts any products into as many lanes, without a circle, and takes nothing from what they need', () => {
    const graphs = fc.array(
      fc.record({
        work: fc.integer({ min: 1, max: 20 }),
        needs: fc.array(fc.nat(), { maxLength: 3 }),
      }),
      { minLength: 1, maxLength: 9 },
    );
    fc.assert(
      fc.property(graphs, fc.integer({ min: 2, max: 3 }), (products, lanes) => {
        const names = products.map((_, i) => `p${i}`);
        const nodes = products.map(({ needs }, i) => node(`p${i}`, 'MatMul', ...(i === 0 ? [] : needs.map((need) => `p${need % i}`))));
        const scheduled = scheduleProducts(nodes, new Map(products.map(({ work }, i) => [`p${i}`, work])), lanes);
        const [needed, order] = [orderOf(nodes, names), orderOf(scheduled, names)];
        for (const name of names) assert([...needed.get(name)!].every((need) => order.get(name)!.has(need)));
        const apart = (a: string, b: string): boolean => !order.get(a)!.has(b) && !order.get(b)!.has(a);
        const most = (chosen: readonly string[], rest: readonly string[]): number =>
          Math.max(
            chosen.length,
            ...rest.map((name, i) => (chosen.every((other) => apart(name, other)) ? most([...chosen, name], rest.slice(i + 1)) : 0)),
          );
        assert(most([], names) <= lanes, `${most([], names)} products could run at once`);
      }),
      { seed: 5, numRuns: 300 },
    );
  });

  const learners = {
    'of two layers': smallLearnerOptions(),
    'with bfloat16 products': smallLearnerOptions({ products: 'bfloat16' }),
    'of quantiles, with noise': randomLearnerOptions(12),
  };
  for (const [which, options] of Object.entries(learners))
    it(`changes no bit of the training step of a learner ${which}`, async () => {
      const states = barStates(options.features, options.lookback);
      const network = createNetwork(options.agent, states.size, { ...options.bins }, { lookback: options.lookback });
      const program = learnerProgram(network, { ...options, states });
      const after = async (lanes: number): Promise<NamedTensor[]> => {
        const executor = await compile(program, lanes);
        const parameters = initialParameters(network, createRandom(1, 'weights'));
        const start = new Map(['online', 'target'].flatMap((group) => parameters.map(({ name, values }) => [`${group}/${name}`, values])));
        executor.write(executor.read().map(({ name, shape, values }) => ({ name, shape, values: start.get(name) ?? values })));
        const noise = Object.fromEntries(
          Object.entries(program.signatures.step!.inputs)
            .filter(([name]) => name.startsWith('noise/'))
            .map(([name, { shape }]) => [name, Float32Array.from({ length: sizeOf(shape) }, (_, i) => Math.sin(i))]),
        );
        for (const batch of noiseBatches(5, options)) executor.run('step', { ...batch, ...noise });
        const state = executor.read();
        executor.dispose();
        return state;
      };
      assert(waitsOf(traceProgram(program, 2).nodes).length > 10);
      assert.deepEqual(await after(2), await after(1));
    });
});
