import assert from 'node:assert/strict';
import { decodeOnnx } from '../../../src/learning/export/onnx-model.js';
import { createRandom } from '../../../src/learning/random.js';
import { blendImportance, gradientImportance, permutationImportance } from '../../../src/learning/transfer/feature-importance.js';
import { withImportancePrior } from '../../../src/learning/transfer/importance-prior.js';
import { near } from '../../support/near.js';
import { convolvingAgent, randomNetwork, schemaOf, servedNetwork, transferAgent } from '../../support/learning/transfer.js';

const schema = schemaOf(['deaf', 'faint', 'loud'], 3);
const strength = [0, 0.2, 1];

/** A network that listens to its features by their strength, and states of noise. */
const listening = (seed: number, agent = transferAgent) => {
  const random = createRandom(seed, 'network');
  const layer = agent.encoder === 'conv' ? 'encoder/0' : 'trunk/0';
  const online = randomNetwork(schema, random, agent).map((tensor) => {
    if (tensor.name !== `online/${layer}/weight`) return tensor;
    const input = (i: number): number => Math.floor(i / tensor.shape[1]!);
    return { ...tensor, values: tensor.values.map((value, i) => (input(i) < 9 ? value * strength[input(i) % 3]! : value)) };
  });
  const states = Float32Array.from({ length: 200 * 13 }, () => random.normal());
  return { graph: decodeOnnx(servedNetwork(online, schema, agent)), schema, states };
};

const sum = (importance: Readonly<Record<string, number>>): number => Object.values(importance).reduce((total, share) => total + share, 0);

describe('feature importance', () => {
  for (const [name, measure] of [
    ['permutation', (seed: number) => permutationImportance(listening(seed), createRandom(seed, 'permutation'))],
    ['gradient', (seed: number) => gradientImportance(listening(seed))],
    ['gradient through convolutions', (seed: number) => gradientImportance(listening(seed, convolvingAgent))],
  ] as const)
    it(`by ${name} is nothing for what is not heard, little for what is faint, and sums to 1, in each of 10 networks`, () => {
      for (let seed = 0; seed < 10; seed++) {
        const importance = measure(seed);
        near(sum(importance), 1, 1e-6);
        assert.equal(importance.deaf, 0);
        assert.ok(importance.faint! > 0.02 && importance.faint! < 0.4, `faint: ${importance.faint}`);
        assert.ok(importance.loud! > 0.6, `loud: ${importance.loud}`);
      }
    });

  it('is the same in every feature of a network that hears none', () => {
    const { states, graph } = listening(1);
    const silent = { ...graph, weights: graph.weights.map((tensor) => ({ ...tensor, values: new Float32Array(tensor.values.length) })) };
    assert.deepEqual(gradientImportance({ graph: silent, schema, states }), { deaf: 1 / 3, faint: 1 / 3, loud: 1 / 3 });
  });
});

describe('blendImportance', () => {
  it('takes the share of each, and the average for a feature that one does not know', () => {
    const blended = blendImportance({ a: 0.75, b: 0.25 }, { a: 0.25, b: 0.25, c: 0.5 }, 0.5);
    near(sum(blended), 1);
    near(blended.a!, 0.5 * (0.75 / 1.5) + 0.5 * 0.25);
    near(blended.c!, 0.5 * (0.5 / 1.5) + 0.5 * 0.5);
    assert.deepEqual(blendImportance({ a: 0.7, b: 0.3 }, { a: 0.1, b: 0.9 }, 1), { a: 0.7, b: 0.3 });
  });
});

describe('withImportancePrior', () => {
  it('lets the first layer hear features by their importance, as loudly in all as before', () => {
    const fresh = randomNetwork(schema, createRandom(1, 'network'));
    const heard = withImportancePrior(fresh, schema, { deaf: 0.1, faint: 0.3, loud: 0.6 });
    const [before, after] = [fresh[0]!.values, heard[0]!.values];
    [0.1, 0.3, 0.6].forEach((share, column) => near(after[column * 12]! / before[column * 12]!, Math.sqrt(share * 3), 1e-6));
    near(after[9 * 12]!, before[9 * 12]!); // the account is no feature
    assert.deepEqual(heard.slice(1), fresh.slice(1));
  });

  it('lets a first convolution hear them so, in every row of its patches', () => {
    const fresh = randomNetwork(schema, createRandom(1, 'network'), convolvingAgent);
    const heard = withImportancePrior(fresh, schema, { deaf: 0.1, faint: 0.3, loud: 0.6 });
    assert.equal(fresh[0]!.name, 'online/encoder/0/weight');
    fresh[0]!.values.forEach((value, i) => near(heard[0]!.values[i]!, value * Math.sqrt([0.1, 0.3, 0.6][Math.floor(i / 6) % 3]! * 3), 1e-6)); // prettier-ignore
    assert.deepEqual(heard.slice(1), fresh.slice(1));
  });
});
