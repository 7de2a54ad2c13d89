import assert from 'node:assert/strict';
import { agentConfig } from '../../src/config/sections/training.js';
import { vectorStates } from '../../src/learning/agent/states.js';
import { createBranchLearner } from '../../src/learning/agent/branch-learner.js';
import { createNetwork, parameterShapes } from '../../src/learning/network.js';
import { createRandom } from '../../src/learning/random.js';

const agent = agentConfig.parse({
  encoder: 'conv',
  convolution: [
    { stride: 5, channels: 32 },
    { stride: 4, channels: 64 },
  ],
  trunk: [10],
  head: 0,
});
const bins = { price: 3, quantity: 3 };
const sizes = (lookback: number, features: number) => {
  const network = createNetwork(agent, lookback * features + 4, bins, { lookback });
  const shapes = parameterShapes(network);
  return {
    padding: network.encoder?.padding,
    ...Object.fromEntries(['encoder/0', 'encoder/1', 'trunk/0'].map((name) => [name, shapes[`${name}/weight`]])),
  };
};

describe('createNetwork', () => {
  it('convolves over a look-back that the strides divide, and shows the trunk the last patches and the account', () => {
    assert.deepEqual(sizes(120, 11), { padding: 0, 'encoder/0': [55, 32], 'encoder/1': [128, 64], 'trunk/0': [6 * 64 + 4, 10] });
  });

  it('repeats the oldest row before a look-back that they do not divide', () => {
    assert.deepEqual(sizes(14, 14), { padding: 6, 'encoder/0': [70, 32], 'encoder/1': [128, 64], 'trunk/0': [64 + 4, 10] });
    assert.deepEqual(sizes(21, 2), { padding: 19, 'encoder/0': [10, 32], 'encoder/1': [128, 64], 'trunk/0': [2 * 64 + 4, 10] });
  });

  it('refuses to convolve over states that have no look-back, or not the one that it is told of', async () => {
    const learner = createBranchLearner({ agent, states: vectorStates(4), bins: { action: 2 }, auxiliary: false, batchSize: 4, actBatch: 4, random: createRandom(1, 'weights') }); // prettier-ignore
    await assert.rejects(learner, { name: 'RangeError', message: /^encoder conv cannot see a window of no rows .* set training\.agent\.encoder to dense$/ }); // prettier-ignore
    assert.throws(() => createNetwork(agent, 100, bins, { lookback: 7 }), { name: 'RangeError', message: /window of 7 rows in an observation of 100 numbers/ }); // prettier-ignore
  });
});
