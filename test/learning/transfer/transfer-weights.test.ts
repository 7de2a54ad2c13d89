import assert from 'node:assert/strict';
import fc from 'fast-check';
import { observationSize, type ObservationSchema } from '../../../src/domain/agent/observation.js';
import { createRandom } from '../../../src/learning/random.js';
import { blendNetworks } from '../../../src/learning/transfer/blend-networks.js';
import { transferWeights } from '../../../src/learning/transfer/transfer-weights.js';
import { parametersOf, referenceForward } from '../../support/learning/reference-step.js';
import { convolvingAgent, randomNetwork, schemaOf, transferAgent } from '../../support/learning/transfer.js';

const names = ['return', 'range', 'rsi', 'macd', 'ichimoku', 'fibonacci'];

/** A schema of any of the names in any order, in units of its own. */
const schemas = fc
  .record({ features: fc.shuffledSubarray(names, { minLength: 1 }), lookback: fc.integer({ min: 1, max: 5 }), seed: fc.integer() })
  .map(({ features, lookback, seed }) => {
    const random = createRandom(Math.abs(seed), 'normaliser');
    return schemaOf(features, lookback, {
      mean: features.map(() => random.normal()),
      scale: features.map(() => 0.5 + random.uniform()),
    });
  });

/** The state of raw numbers, by feature and age in bars, in a schema's units. */
const observe = (
  { features, lookback, normaliser }: ObservationSchema,
  raw: (feature: string, age: number) => number,
  account: readonly number[],
): Float64Array =>
  Float64Array.from([
    ...Array.from({ length: lookback }, (_, row) =>
      features.map((feature, column) => (raw(feature, lookback - 1 - row) - normaliser.mean[column]!) / normaliser.scale[column]!),
    ).flat(),
    ...account,
  ]);

const gap = (a: ReturnType<typeof referenceForward>, b: ReturnType<typeof referenceForward>): number =>
  Math.max(...(['price', 'quantity'] as const).flatMap((branch) => [...a[branch]].map((value, i) => Math.abs(value - b[branch][i]!))));

describe('transferWeights', () => {
  for (const [kind, agent] of [
    ['dense', transferAgent],
    ['convolutional', convolvingAgent],
  ] as const)
    it(`keeps the function of a ${kind} network to 1e-6 wherever common features are the same and removed ones at their mean, whatever new ones say`, () => {
      fc.assert(
        fc.property(schemas, schemas, fc.nat(), (source, other, seed) => {
          const target = agent === transferAgent ? other : { ...other, lookback: source.lookback };
          const random = createRandom(seed, 'network');
          const online = randomNetwork(source, random, agent);
          const means = Object.fromEntries(source.features.map((feature) => [feature, random.normal()]));
          const moved = transferWeights(randomNetwork(target, random, agent), target, { tensors: online, schema: source, means }, 1);
          const common = (feature: string, age: number): boolean => target.features.includes(feature) && age < target.lookback;
          const values = new Map<string, number>();
          const raw = (feature: string, age: number): number => {
            const known = values.get(`${feature} ${age}`) ?? random.normal();
            values.set(`${feature} ${age}`, known);
            return known;
          };
          const account = Array.from({ length: 4 }, () => random.normal());
          const meanOf = (feature: string): number => {
            const column = source.features.indexOf(feature);
            return source.normaliser.mean[column]! + means[feature]! * source.normaliser.scale[column]!;
          };
          const seenBySource = observe(source, (feature, age) => (common(feature, age) ? raw(feature, age) : meanOf(feature)), account);
          const before = referenceForward(parametersOf(online, 'online/'), seenBySource, source.lookback);
          const after = referenceForward(parametersOf(moved, 'online/'), observe(target, raw, account), target.lookback);
          assert.ok(gap(before, after) <= 1e-6, `Q-values differ by ${gap(before, after)}`);
        }),
        { numRuns: 200 },
      );
    });

  it('leaves the zero columns of new features free to learn: their part of the fresh network stays in a blend', () => {
    const [source, target] = [schemaOf(['return'], 2), schemaOf(['rsi', 'return'], 2)];
    const random = createRandom(1, 'network');
    const fresh = randomNetwork(target, random);
    const online = randomNetwork(source, random);
    const weight = transferWeights(fresh, target, { tensors: online, schema: source }, 0.3)[0]!;
    assert.equal(weight.name, 'online/trunk/0/weight');
    assert.equal(weight.values[0], Math.fround(0.7 * fresh[0]!.values[0]!)); // oldest rsi, unit 0
    assert.equal(weight.values[12], Math.fround(0.3 * online[0]!.values[0]! + 0.7 * fresh[0]!.values[12]!)); // oldest return
  });

  it('refuses other hidden layers and bars of another length', () => {
    const schema = schemaOf(['return'], 2);
    const online = randomNetwork(schema, createRandom(1, 'network'));
    const narrow = online.map((tensor) =>
      tensor.name === 'online/trunk/1/bias' ? { ...tensor, shape: [9], values: new Float32Array(9) } : tensor,
    );
    assert.throws(() => transferWeights(narrow, schema, { tensors: online, schema }, 1), { name: 'ParentUnfit', message: /trunk\/1\/bias has shape \[10\], the network's \[9\]/ }); // prettier-ignore
    const hourly = { ...schema, frequencyMs: 3_600_000 };
    assert.throws(() => transferWeights(online, hourly, { tensors: online, schema }, 1), { name: 'SchemasDiffer', message: /last 60000 ms and the target's 3600000/ }); // prettier-ignore
  });

  it('hands a convolution on to another of the same look-back only, and none between kinds of encoders', () => {
    const [source, longer] = [schemaOf(['return'], 8), schemaOf(['return'], 12)];
    const network = (schema: ObservationSchema, agent: typeof transferAgent) => randomNetwork(schema, createRandom(1, 'network'), agent);
    const [dense, convolving] = [network(source, transferAgent), network(source, convolvingAgent)];
    const from = (tensors: typeof dense) => ({ tensors, schema: source });
    assert.throws(() => transferWeights(network(longer, convolvingAgent), longer, from(convolving), 1), { name: 'SchemasDiffer', message: /looks back 8 bars and the target 12/ }); // prettier-ignore
    assert.throws(() => transferWeights(dense, source, from(convolving), 1), { name: 'ParentUnfit', message: /through encoder\/0, the network through trunk\/0/ }); // prettier-ignore
    assert.throws(() => transferWeights(convolving, source, from(dense), 1), { name: 'ParentUnfit' });
  });

  it('has an input for every number of both state vectors', () => {
    const schema = schemaOf(names, 3);
    const online = randomNetwork(schema, createRandom(1, 'network'));
    const same = transferWeights(online, schema, { tensors: online, schema }, 1);
    assert.deepEqual(same, online);
    assert.equal(online[0]!.shape[0], observationSize(schema));
  });
});

describe('blendNetworks', () => {
  const place = (name: string) => ({ instrument: 'ES', bucket: 'default', name });
  const networks = [1, 2].map((seed) => randomNetwork(schemaOf(['return'], 2), createRandom(seed, 'network')));
  const [target, source] = [networks[0]!, networks[1]!];

  it('refuses independently trained networks with the reason, unless forced', () => {
    const relation = { kind: 'independent', source: place('v1'), target: place('v2') } as const;
    assert.throws(() => blendNetworks({ target, source, share: 0.3, relation }), {
      name: 'BlendRefused',
      message: /^ES\/default\/v1 and ES\/default\/v2 were trained independently: .* or distil$/,
    });
    const forced = blendNetworks({ target, source, share: 0.3, relation, forced: true });
    assert.equal(forced[0]!.values[0], Math.fround(0.3 * source[0]!.values[0]! + 0.7 * target[0]!.values[0]!));
  });

  for (const relation of [{ kind: 'fresh' }, { kind: 'lineage', common: place('v1') }] as const)
    it(`blends where the relation is ${relation.kind}`, () => {
      assert.deepEqual(blendNetworks({ target, source, share: 0, relation }), target);
      assert.deepEqual(blendNetworks({ target, source, share: 1, relation }), source);
    });

  it('refuses a share beyond the whole', () => {
    assert.throws(() => blendNetworks({ target, source, share: 1.1, relation: { kind: 'fresh' } }), { name: 'RangeError' });
  });
});
