import assert from 'node:assert/strict';
import { createLearner, type LearnerOptions } from '../../src/learning/create-learner.js';
import type { NamedTensor } from '../../src/learning/learner.js';
import { createRandom } from '../../src/learning/random.js';
import { noiseBatches, smallLearnerOptions } from '../support/learning/learner.js';
import { parametersOf, referenceGradients, referenceLoss, referenceTargets, type Parameters } from '../support/learning/reference-step.js';

/** Largest |actual - expected| over a set of tensors beside the largest |expected| of each. */
const worst = (actual: Parameters, expected: Parameters): number =>
  Math.max(
    ...Object.entries(expected).map(([name, values]) => {
      const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      return values.reduce((most, value, i) => Math.max(most, Math.abs(value - actual[name]![i]!)), 0) / scale;
    }),
  );

const map = (record: Parameters, change: (value: number, name: string, i: number) => number): Record<string, Float64Array> =>
  Object.fromEntries(Object.entries(record).map(([name, values]) => [name, values.map((value, i) => change(value, name, i))]));

/** A tiny learner with large output weights, so that Q-values matter, and a target net of its own; one step of it, and what that step should have been. */
const oneStep = async (agent: Partial<LearnerOptions['agent']>) => {
  const options = {
    ...smallLearnerOptions({ trunk: [6, 5], head: 4, auxiliaryHead: 3, ...agent }),
    lookback: 3,
    batchSize: 8,
    bins: { price: 3, quantity: 5 },
  };
  const learner = await createLearner(options);
  const random = createRandom(5, 'state');
  const before: NamedTensor[] = learner.state().map((tensor) => ({
    ...tensor,
    values: /^(online|target)/.test(tensor.name) ? tensor.values.map(() => 0.5 * random.normal()) : tensor.values,
  }));
  learner.load(before);
  const batch = noiseBatches(1, options)[0]!;
  const result = learner.step(batch);
  const after = learner.state();
  learner.dispose();

  const online = parametersOf(before, 'online/');
  const target = parametersOf(before, 'target/');
  const targets = referenceTargets(options, batch, online, target);
  return {
    options,
    result,
    after,
    online,
    target,
    loss: referenceLoss(options, batch, online, targets),
    gradients: referenceGradients(options, batch, online, targets),
  };
};

/** Gradient that Adam saw on its first step: m = (1 - beta1) g. */
const seenGradient = (after: readonly NamedTensor[]): Parameters => map(parametersOf(after, 'adam/m/'), (m) => m / 0.1);

const norm = (gradients: Parameters): number =>
  Math.sqrt(Object.values(gradients).reduce((sum, values) => values.reduce((total, g) => total + g * g, sum), 0));

/** The gradient into the shared trunk is divided by the number of heads that learn from it: two branches, and the value head where there is one. */
const rescaled = (gradients: Parameters): Parameters => {
  const heads = Object.keys(gradients).some((name) => name.startsWith('value/')) ? 3 : 2;
  return map(gradients, (g, name) => (/^(?:encoder|trunk)/.test(name) ? g / heads : g));
};

describe('learnerStep', () => {
  const options = [
    ['as it is by default', { huberDelta: 0.7 }],
    ['with squared losses', { huberDelta: 1e6 }],
    ['with layer norms', { layerNorm: true }],
    ['without a value head', { dueling: false }],
    ['with quantiles of which the worst are acted on', { quantiles: 4, cvar: 0.5 }],
    ['with convolutions whose strides do not divide the look-back', { encoder: 'conv', convolution: [{ stride: 2, channels: 3 }, { stride: 2, channels: 4 }] }], // prettier-ignore
    ['with a normalised convolution', { encoder: 'conv', convolution: [{ stride: 3, channels: 4 }], layerNorm: true }],
  ] as const;

  for (const [name, agent] of options)
    it(`has the loss, TD errors and gradient of their definitions in double precision, the last a share of it in the shared trunk, ${name}`, async () => {
      const { result, after, loss, gradients } = await oneStep({ gradientClip: 1e9, ...agent });
      for (const part of ['loss', 'qLoss', 'auxiliaryLoss'] as const)
        assert.ok(Math.abs(result[part] - loss[part]) <= 1e-5 * loss[part], `${part} is ${result[part]}, not ${loss[part]}`);
      loss.tdErrors.forEach((error, i) => assert.ok(Math.abs(result.tdErrors[i]! - error) <= 1e-5 * Math.max(1, error)));
      assert.equal(result.tdErrors.length, loss.tdErrors.length);
      const expected = rescaled(gradients);
      assert.ok(worst(seenGradient(after), expected) < 1e-4);
      assert.ok(worst(seenGradient(after), gradients) > 0.4, 'with the whole gradient the trunk would be far off');
      assert.ok(Math.abs(result.gradientNorm - norm(expected)) < 1e-4 * norm(expected));
    });

  it('shrinks all gradients alike when their norm is above the clip, and reports the norm before', async () => {
    const { result, after, gradients } = await oneStep({ gradientClip: 0.05 });
    const total = norm(rescaled(gradients));
    assert.ok(total > 0.1);
    assert.ok(Math.abs(result.gradientNorm - total) < 1e-4 * total);
    assert.ok(
      worst(
        seenGradient(after),
        map(rescaled(gradients), (g) => (g * 0.05) / total),
      ) < 1e-4,
    );
  });

  it('moves the parameters by Adam, decays weights but not biases, and moves the target towards the result', async () => {
    const learningRate = 0.01;
    const { after, online, target, gradients } = await oneStep({ gradientClip: 1e9, learningRate, weightDecay: 0.1, polyak: 0.25 });
    const expected = map(online, (value, name, i) => {
      const g = rescaled(gradients)[name]![i]!;
      const adam = Math.abs(g) < 1e-9 ? 0 : (learningRate * g) / (Math.abs(g) + 1e-8 / Math.sqrt(0.001));
      return value - adam - (name.endsWith('weight') ? learningRate * 0.1 * value : 0);
    });
    assert.ok(worst(parametersOf(after, 'online/'), expected) < 1e-4);
    const averaged = map(target, (value, name, i) => value + 0.25 * (expected[name]![i]! - value));
    assert.ok(worst(parametersOf(after, 'target/'), averaged) < 1e-4);
    assert.deepEqual(after.find(({ name }) => name === 'adam/step')?.values, Float32Array.of(1));
  });

  it('makes the target equal to the online network, bit by bit, every targetEvery steps and at no other', async () => {
    const learnerOptions = smallLearnerOptions({ targetEvery: 3 });
    const learner = await createLearner(learnerOptions);
    const fresh = parametersOf(learner.state(), 'online/');
    const copies = [fresh];
    noiseBatches(7, learnerOptions).forEach((batch, i) => {
      learner.step(batch);
      const state = learner.state();
      if (i % 3 === 2) copies.push(parametersOf(state, 'online/'));
      assert.deepEqual(parametersOf(state, 'target/'), copies.at(-1), `after step ${i + 1}`);
    });
    learner.dispose();
    assert.equal(copies.length, 3);
  });
});
