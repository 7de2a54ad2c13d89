import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import type { Batch, Learner } from '../../src/learning/learner.js';
import { writeObservation } from '../../src/learning/observation.js';
import { createRandom } from '../../src/learning/random.js';
import { compareCompiledToEager } from '../support/learning/compiled-against-eager.js';
import { noiseBatches, relativeDifferences, smallLearnerOptions, withLearner } from '../support/learning/learner.js';
import { randomLearnerOptions } from '../support/learning/random-learner.js';
import { parametersOf, referenceForward } from '../support/learning/reference-step.js';

const options = smallLearnerOptions();
const trained = (learner: Learner, batches: readonly Batch[]): Learner => {
  for (const batch of batches) learner.step(batch);
  return learner;
};

describe('createLearner', () => {
  it('steps alike compiled and eagerly: 20 single steps from the same loaded state leave equal parameters and optimizer slots', async () => {
    const wide = {
      ...options,
      agent: { ...options.agent, trunk: [64, 48], head: 32, auxiliaryHead: 16, weightDecay: 0.01 },
      batchSize: 64,
    };
    // In net 200 the gradients before two normalised convolutions are two hundred times smaller than the terms that cancel in them.
    for (const each of [wide, ...[3, 4, 5, 12, 200].map(randomLearnerOptions)]) {
      const { worst, worstFigure, ties, amplified, cancelled } = await compareCompiledToEager(each, 20);
      assert.ok(worst.difference <= 3e-5, `${worst.name} differs by ${worst.difference} of its largest element`);
      assert.ok(worstFigure <= 1e-5, `a figure differs by ${worstFigure}`);
      assert.ok(amplified <= 0.02, `Adam moved ${amplified} of the parameters by their rounding`);
      assert.equal(cancelled, 0);
      assert.ok(ties <= 5, `${ties} of 20 batches had ties`);
    }
  });

  it('answers act with the Q-values of the observations that writeObservation builds, also where the window begins before the first bar', async () => {
    const bars = Int32Array.from({ length: 16 }, (_, i) => (i < 8 ? i : options.features.rows - 1 - i));
    const privateState = Float32Array.from({ length: 64 }, (_, i) => Math.sin(i));
    for (const backend of ['compiled', 'eager'] as const)
      await withLearner({ backend }, (learner) => {
        const online = parametersOf(trained(learner, noiseBatches(3, options)).state(), 'online/');
        const { price, quantity } = learner.act(bars, privateState);
        bars.forEach((bar, i) => {
          const observation = new Float32Array(19);
          writeObservation(options.features, options.lookback, bar, privateState, i * 4, observation, 0);
          const expected = referenceForward(online, Float64Array.from(observation));
          expected.price.forEach((q, bin) => assert.ok(Math.abs(q - price[i * 5 + bin]!) < 1e-5));
          expected.quantity.forEach((q, bin) => assert.ok(Math.abs(q - quantity[i * 7 + bin]!) < 1e-5));
        });
      });
  });

  it('learns: on one batch repeated, both losses fall to a tenth', async () => {
    await withLearner({ agent: { ...options.agent, learningRate: 0.01 } }, (learner) => {
      const batch = { ...noiseBatches(1, options)[0]!, discount: new Float32Array(16), weight: new Float32Array(16).fill(1) };
      const first = learner.step(batch);
      let last = first;
      for (let i = 0; i < 300; i++) last = learner.step(batch);
      assert.ok(last.qLoss < first.qLoss / 10 && last.auxiliaryLoss < first.auxiliaryLoss / 10);
    });
  });

  it('gives the same bits twice from the same seed, and other weights from another seed', async () => {
    const run = (seed: number) =>
      withLearner({ random: createRandom(seed, 'weights') }, (learner) => trained(learner, noiseBatches(10, options)).state());
    assert.deepEqual(await run(1), await run(1));
    assert.notDeepEqual(await run(1), await run(2));
  });

  it('goes on with the same bits after its state was saved and loaded by name, in any order, into another learner', async () => {
    const batches = noiseBatches(8, options);
    const [undisturbed, saved] = await withLearner({}, (learner) => {
      const middle = trained(learner, batches.slice(0, 4)).state();
      return [trained(learner, batches.slice(4)).state(), middle] as const;
    });
    const resumed = await withLearner({ random: createRandom(99, 'other') }, (learner) => {
      learner.load(saved.toReversed());
      assert.deepEqual(learner.state(), saved);
      return trained(learner, batches.slice(4)).state();
    });
    assert.deepEqual(resumed, undisturbed);
  });

  it('starts from given online weights, with an equal target and a fresh optimizer', async () => {
    const parent = await withLearner({}, (learner) => trained(learner, noiseBatches(5, options)).state());
    const child = await withLearner({ initial: parent }, (learner) => learner.state());
    assert.deepEqual(parametersOf(child, 'online/'), parametersOf(parent, 'online/'));
    assert.deepEqual(parametersOf(child, 'target/'), parametersOf(parent, 'online/'));
    for (const { name, values } of child.filter(({ name }) => name.startsWith('adam/')))
      assert.ok(
        values.every((value) => value === 0),
        name,
      );
    await assert.rejects(
      withLearner({ initial: parent.slice(1) }, () => undefined),
      {
        name: 'StateMismatch',
        message: 'the state lacks trunk/0/weight: expected a tensor of shape [19, 16]',
      },
    );
  });

  it('starts with weights of the standard deviation of He in hidden layers, and Q-values near zero', async () => {
    const agent = { ...options.agent, trunk: [256, 128], head: 64 };
    await withLearner({ agent }, (learner) => {
      const state = learner.state();
      for (const [name, inputs] of [
        ['trunk/1', 256],
        ['value/0', 128],
      ] as const) {
        const values = state.find((tensor) => tensor.name === `online/${name}/weight`)!.values;
        const deviation = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
        assert.ok(Math.abs(deviation / Math.sqrt(2 / inputs) - 1) < 0.05, `${name}: ${deviation}`);
      }
      const { price } = learner.act(new Int32Array(16).fill(50), new Float32Array(64));
      assert.ok(price.every((q) => Math.abs(q) < 0.2));
    });
  });

  it('works with a batch of one, no hidden head layers and a window of one bar', async () => {
    const agent = { ...options.agent, head: 0, auxiliaryHead: 0, trunk: [4] };
    const one = { agent, batchSize: 1, actBatch: 1, lookback: 1 };
    const batch = noiseBatches(1, { ...options, ...one })[0]!;
    const both = await Promise.all(
      (['compiled', 'eager'] as const).map((backend) =>
        withLearner({ ...one, backend }, (learner) => trained(learner, [batch, batch]).state()),
      ),
    );
    for (const { difference, name } of relativeDifferences(both[0]!, both[1]!)) assert.ok(difference < 1e-4, name);
  });

  it('keeps no tensor over steps, actions, saves and loads, nor after dispose', async () => {
    for (const backend of ['compiled', 'eager'] as const) {
      const before = tf.memory().numTensors;
      await withLearner({ backend }, (learner) => {
        const batches = noiseBatches(5, options);
        const round = (): void => {
          trained(learner, batches).load(learner.state());
          learner.act(batches[0]!.bars, batches[0]!.privateState);
        };
        round();
        const held = tf.memory().numTensors;
        round();
        round();
        assert.equal(tf.memory().numTensors, held);
      });
      assert.equal(tf.memory().numTensors, before);
    }
  });

  it('refuses bars outside of the features and arrays of the wrong length', async () => {
    await withLearner({}, (learner) => {
      const batch = noiseBatches(1, options)[0]!;
      const act = (bar: number) => learner.act(new Int32Array(16).fill(bar), new Float32Array(64));
      assert.throws(() => act(300), /bar 300 has no features: expected 0 to 299/);
      assert.throws(() => act(-1), /bar -1 has no features/);
      assert.throws(() => learner.step({ ...batch, nextBars: batch.nextBars.map(() => 1_000) }), /bar 1000 has no features/);
      assert.throws(() => learner.step({ ...batch, reward: new Float32Array(15) }), /input reward of step is Float32Array of 15/);
    });
  });
});
