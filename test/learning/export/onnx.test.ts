import assert from 'node:assert/strict';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { agentConfig } from '../../../src/config/sections/training.js';
import { exportOnnx } from '../../../src/learning/export/onnx.js';
import { createNetwork, initialParameters } from '../../../src/learning/network.js';
import { writeObservation } from '../../../src/learning/observation.js';
import { createRandom } from '../../../src/learning/random.js';
import { noiseBatches, smallLearnerOptions, withLearner } from '../../support/learning/learner.js';
import { parametersOf, referenceForward } from '../../support/learning/reference-step.js';

const largest = (values: Float32Array): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

const assertEqualTo = (actual: Tensor | undefined, expected: Float32Array, shape: readonly number[]): void => {
  assert.ok(actual?.data instanceof Float32Array);
  assert.deepEqual(actual.dims, shape);
  const data = actual.data;
  const bound = 1e-5 * largest(expected);
  expected.forEach((value, i) => assert.ok(Math.abs(data[i]! - value) <= bound, `${data[i]} is not ${value}`));
};

describe('exportOnnx', () => {
  for (const [name, agent] of [
    ['hidden head layers', {}],
    ['heads of one layer', { head: 0, auxiliaryHead: 0 }],
    ['layer norms and no value head', { layerNorm: true, dueling: false }],
    ['quantiles of which the worst are acted on', { quantiles: 7, cvar: 0.4 }],
    ['noisy heads', { exploration: 'noisy' }],
    ['convolutions whose strides do not divide the look-back', { encoder: 'conv', convolution: [{ stride: 3, channels: 6 }, { stride: 2, channels: 5 }] }], // prettier-ignore
    ['a normalised convolution', { encoder: 'conv', convolution: [{ stride: 4, channels: 6 }], layerNorm: true }],
    ['all options', { layerNorm: true, quantiles: 4, exploration: 'noisy', targetEvery: 5, head: 0 }],
  ] as const)
    it(`gives the Q-values of the live learner to 1e-5 in onnxruntime, with ${name}`, async () => {
      const options = { ...smallLearnerOptions({ ...agent, learningRate: 0.01 }), lookback: 8 };
      const size = 8 * 3 + 4;
      await withLearner(options, async (learner) => {
        for (const batch of noiseBatches(60, options)) learner.step(batch);
        const bars = Int32Array.from({ length: 16 }, (_, i) => i * 17);
        const privateState = Float32Array.from({ length: 64 }, (_, i) => Math.cos(i));
        const live = learner.act(bars, privateState);
        assert.ok(largest(live.price) > 0.05, 'a net that says nothing proves nothing');

        const observations = new Float32Array(16 * size);
        bars.forEach((bar, i) => {
          writeObservation(options.features, 8, bar, privateState, i * 4, observations, i * size);
        });
        const state = learner.state();
        const file = exportOnnx({ online: state, agent: options.agent, observationSize: size, lookback: 8, bins: options.bins });
        const session = await InferenceSession.create(file);
        assert.deepEqual([session.inputNames, session.outputNames], [['observation'], ['price', 'quantity', 'volatility']]);
        const served = await session.run({ observation: new Tensor('float32', observations, [16, size]) });
        assertEqualTo(served.price, live.price, [16, 5]);
        assertEqualTo(served.quantity, live.quantity, [16, 7]);
        const online = parametersOf(state, 'online/');
        const volatility = Array.from(bars, (_, i) => {
          const observation = Float64Array.from(observations.subarray(i * size, (i + 1) * size));
          return referenceForward(online, observation, 8).volatility;
        });
        assertEqualTo(served.volatility, Float32Array.from(volatility), [16, 1]);

        const one = await session.run({ observation: new Tensor('float32', observations.slice(0, size), [1, size]) });
        assertEqualTo(one.price, live.price.slice(0, 5), [1, 5]);
        await session.release();
      });
    });

  for (const [name, options] of [
    ['as it is by default', {}],
    ['with layer norms', { layerNorm: true, trunk: [65, 31] }],
    ['with quantiles and no value head', { quantiles: 5, dueling: false }],
    ['with convolutions', { encoder: 'conv', convolution: [{ stride: 2, channels: 9 }] }],
  ] as const)
    it(`answers an observation with the same bits alone and at every place of any batch, ${name}`, async () => {
      const bins = { price: 21, quantity: 11 };
      const agent = agentConfig.parse({ trunk: [64, 32], head: 16, auxiliaryHead: 0, ...options });
      const online = initialParameters(createNetwork(agent, 44, bins, { lookback: 8 }), createRandom(1, 'weights')).map((tensor) => ({
        ...tensor,
        name: `online/${tensor.name}`,
      }));
      const session = await InferenceSession.create(exportOnnx({ online, agent, observationSize: 44, lookback: 8, bins }), {
        intraOpNumThreads: 1,
      });
      const random = createRandom(2, 'observations');
      const asked = Float32Array.from({ length: 44 }, () => random.normal());
      const answers = new Set<string>();
      for (const rows of [1, 2, 3, 5, 8, 31])
        for (let place = 0; place < rows; place++) {
          const batch = Float32Array.from({ length: rows * 44 }, () => random.normal());
          batch.set(asked, place * 44);
          const { price } = await session.run({ observation: new Tensor('float32', batch, [rows, 44]) });
          assert.ok(price?.data instanceof Float32Array);
          answers.add(price.data.subarray(place * 21, (place + 1) * 21).join());
        }
      await session.release();
      assert.equal(answers.size, 1);
    });

  it('refuses weights of another network', async () => {
    const options = smallLearnerOptions();
    const online = await withLearner({}, (learner) => learner.state());
    assert.throws(() => exportOnnx({ online, agent: options.agent, observationSize: 20, bins: options.bins }), {
      name: 'StateMismatch',
      message: /^trunk\/0\/weight has shape \[19, 16\]/,
    });
  });
});
