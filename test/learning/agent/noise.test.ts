import assert from 'node:assert/strict';
import { createLearner } from '../../../src/learning/create-learner.js';
import type { NamedTensor } from '../../../src/learning/learner.js';
import { noiseBatches, smallLearnerOptions, withLearner } from '../../support/learning/learner.js';

const DRAWS = 3_000;
const noisy = smallLearnerOptions({ exploration: 'noisy', head: 0 });

describe('noisy exploration', () => {
  it('moves Q-values about those of the means, with the deviation that the weights have, and only when exploring', async () => {
    await withLearner(noisy, (learner) => {
      const [bars, privateState] = [new Int32Array(16).fill(40), new Float32Array(64)];
      // Value and advantages that vary with their biases alone: deviation of a Q-value 0.5 · sqrt(E|e|) for the value, and as much for a bin beside the mean of five.
      const only = (tensor: NamedTensor): NamedTensor => ({
        ...tensor,
        values: tensor.values.map((value) => (tensor.name.endsWith('weightNoise') ? 0 : tensor.name.endsWith('biasNoise') ? 0.5 : value)),
      });
      learner.load(learner.state().map(only));
      const still = learner.act(bars, privateState).price[0]!;
      assert.equal(learner.act(bars, privateState).price[0], still);
      const drawn = Array.from({ length: DRAWS }, () => learner.act(bars, privateState, true).price[0]! - still);
      const mean = drawn.reduce((sum, each) => sum + each) / DRAWS;
      const variance = drawn.reduce((sum, each) => sum + (each - mean) ** 2, 0) / DRAWS;
      // The noise f = sign(e) sqrt|e| has variance E|e| = sqrt(2 / pi).
      const expected = 0.25 * Math.sqrt(2 / Math.PI) * (1 + 4 / 5);
      assert.ok(Math.abs(mean) < 5 * Math.sqrt(expected / DRAWS), `mean ${mean}`);
      assert.ok(Math.abs(variance / expected - 1) < 0.15, `variance ${variance}, not ${expected}`);
    });
  });

  it('is part of the state: a learner that was saved and loaded goes on with the same noise and ends with the same bits', async () => {
    const batches = noiseBatches(6, noisy);
    const learner = await createLearner(noisy);
    const look = () => learner.act(batches[0]!.bars, batches[0]!.privateState, true);
    const rest = () => [look(), ...batches.map((batch) => learner.step(batch)), look(), learner.state()];
    learner.step(batches[0]!);
    look();
    const saved = learner.state();
    const undisturbed = rest();
    assert.notDeepEqual(look(), look(), 'each call has noise of its own');
    learner.load(saved);
    assert.deepEqual(rest(), undisturbed);
    const stream = saved.find(({ name }) => name === 'noise/stream')!;
    assert.throws(() => learner.load(saved.filter((tensor) => tensor !== stream)), /the state lacks noise\/stream/);
    learner.dispose();
  });

  it('learns how much noise is good: where only one bin pays, its own weights lose theirs', async () => {
    await withLearner({ ...noisy, agent: { ...noisy.agent, learningRate: 0.01 } }, (learner) => {
      const size = () =>
        learner
          .state()
          .filter(({ name }) => /^online\/(value|price|quantity)\/0\/(weight|bias)Noise$/.test(name))
          .flatMap(({ values }) => [...values])
          .reduce((sum, value) => sum + Math.abs(value), 0);
      const before = size();
      const batch = { ...noiseBatches(1, noisy)[0]!, discount: new Float32Array(16), weight: new Float32Array(16).fill(1) };
      for (let step = 0; step < 400; step++) learner.step(batch);
      assert.ok(size() < 0.7 * before, `${size()} of ${before}`);
    });
  });
});
