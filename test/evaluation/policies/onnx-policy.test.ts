import assert from 'node:assert/strict';
import { agentConfig, environmentConfig } from '../../../src/config/sections/training.js';
import { failureKind } from '../../../src/domain/failures.js';
import { observationSize } from '../../../src/domain/agent/observation.js';
import { backtest } from '../../../src/evaluation/backtest/backtest.js';
import { loadOnnxPolicy } from '../../../src/evaluation/policies/onnx-policy.js';
import { valuePolicy, type ValueFunction } from '../../../src/evaluation/policies/value-policy.js';
import type { PolicyFunction } from '../../../src/evaluation/policies/policy.js';
import { tradableSessions } from '../../../src/learning/environment/sessions.js';
import { exportOnnx } from '../../../src/learning/export/onnx.js';
import { createNetwork, initialParameters } from '../../../src/learning/network.js';
import { createRandom } from '../../../src/learning/random.js';
import { costlyInstrument, randomBars } from '../../support/market/random-bars.js';
import { parametersOf, referenceForward } from '../../support/learning/reference-step.js';

const lookback = 4;
const config = environmentConfig.parse({ lookback, priceBins: 5, quantityBins: 3 });
const bins = { price: config.priceBins, quantity: config.quantityBins };
const agent = agentConfig.parse({ trunk: [16], head: 8, auxiliaryHead: 0 });
const bars = randomBars({ seed: 3 });
const random = createRandom(1, 'features');
const matrix = {
  names: ['one', 'two', 'three'],
  rows: bars.length,
  values: Float32Array.from({ length: 3 * bars.length }, () => random.normal()),
  firstValid: 0,
};
const size = observationSize({ features: matrix.names, lookback });
const online = initialParameters(createNetwork(agent, size, bins), createRandom(2, 'weights')).map((tensor) => ({
  ...tensor,
  name: `online/${tensor.name}`,
}));
const onnx = exportOnnx({ online, agent, observationSize: size, bins });

/** The network by its definition, one observation at a time; shares nothing with the exported file but the weights. */
const values: ValueFunction = (observations, count) => {
  const parameters = parametersOf(online, 'online/');
  const answers = Array.from({ length: count }, (_, row) =>
    referenceForward(parameters, Float64Array.from(observations.subarray(row * size, (row + 1) * size))),
  );
  const flat = (branch: 'price' | 'quantity') => Float32Array.from(answers.flatMap((answer) => [...answer[branch]]));
  return { price: flat('price'), quantity: flat('quantity') };
};

const run = (policy: PolicyFunction, lanes = 64) =>
  backtest({
    bars,
    instrument: costlyInstrument,
    config,
    sessions: tradableSessions(bars, { from: 0, to: bars.length }, lookback),
    horizon: 30,
    policy,
    lanes,
  });

describe('loadOnnxPolicy', () => {
  it('decides what the network decides by its definition, and the same however many sessions are asked about at once', async () => {
    const { policy, release } = await loadOnnxPolicy({ onnx, matrix, lookback, bins });
    const [together, alone] = [await run(policy), await run(policy, 1)];
    await release();
    const expected = await run(valuePolicy({ matrix, lookback, bins, values }));
    assert.deepEqual(together.actions, expected.actions);
    assert.deepEqual(together.returns, expected.returns);
    assert.deepEqual(alone.returns, expected.returns);
    assert.ok(expected.actions.filter((count) => count > 0).length >= 3, 'a policy of one action would prove nothing');
  });

  it('refuses a model whose observation or bins are others, before any bar is played', async () => {
    await assert.rejects(loadOnnxPolicy({ onnx, matrix, lookback: 5, bins }), {
      name: 'UnsuitableModel',
      message: 'the model does not take an observation of 19 numbers',
    });
    await assert.rejects(loadOnnxPolicy({ onnx, matrix, lookback, bins: { price: 7, quantity: 3 } }), {
      name: 'UnsuitableModel',
      message: 'the model answers 5 numbers as "price": expected 7',
    });
  });
});

describe('valuePolicy', () => {
  it('takes the first of equal values and refuses what is not a number', async () => {
    const constant =
      (value: number): ValueFunction =>
      (_observations, count) => ({
        price: new Float32Array(count * bins.price).fill(value),
        quantity: new Float32Array(count * bins.quantity).fill(value),
      });
    const { actions } = await run(valuePolicy({ matrix, lookback, bins, values: constant(0) }));
    assert.equal(
      actions[0],
      actions.reduce((sum, count) => sum + count, 0),
    );
    await assert.rejects(run(valuePolicy({ matrix, lookback, bins, values: constant(Number.NaN) })), {
      name: 'UnsuitableModel', // which no activity tries again
      message: /Q-value NaN of row 0, bin 0/,
    });
    assert.equal(failureKind('UnsuitableModel').retryable, false);
  });
});
