import assert from 'node:assert/strict';
import { createLearner } from '../../../src/learning/create-learner.js';
import { createReturnLearner, type ReturnBatch } from '../../../src/learning/pqn/create-return-learner.js';
import { convolving, noiseBatches, relativeDifferences, smallLearnerOptions } from '../../support/learning/learner.js';

const pqn = smallLearnerOptions({ ...convolving, algorithm: 'pqn', layerNorm: true, weightDecay: 0.01 });
const dqn = smallLearnerOptions({ ...convolving, algorithm: 'dqn', layerNorm: true, weightDecay: 0.01 });

const returnBatch = ({ bars, privateState, price, quantity, reward, volatility }: ReturnType<typeof noiseBatches>[0]): ReturnBatch => ({
  bars,
  privateState,
  price,
  quantity,
  target: reward,
  volatility,
});

describe('createReturnLearner', () => {
  it("takes the DQN's step towards returns that nothing is added to, compiled and eagerly, without a target network", async () => {
    const compiled = await createReturnLearner({ ...pqn, backend: 'compiled' });
    const eager = await createReturnLearner({ ...pqn, backend: 'eager' });
    const reference = await createLearner({ ...dqn, initial: compiled.state() });
    assert.deepEqual(
      compiled.state().filter(({ name }) => name.startsWith('target/')),
      [],
    );
    for (const batch of noiseBatches(8, dqn)) {
      eager.load(compiled.state());
      const whole = { ...batch, discount: new Float32Array(16), weight: new Float32Array(16).fill(1) };
      const [a, b, c] = [
        compiled.step(returnBatch(batch), dqn.agent.learningRate),
        eager.step(returnBatch(batch), dqn.agent.learningRate),
        reference.step(whole),
      ];
      assert.ok(Math.abs(a.loss - b.loss) <= 1e-5 * b.loss && Math.abs(a.loss - c.loss) <= 1e-5 * c.loss);
      for (const { name, difference } of relativeDifferences(compiled.state(), eager.state()))
        assert.ok(difference <= 3e-5, `${name}: ${difference}`);
      const own = new Map(reference.state().map((tensor) => [tensor.name, tensor]));
      const common = compiled.state().map(({ name }) => own.get(name)!);
      for (const { name, difference } of relativeDifferences(compiled.state(), common))
        assert.ok(difference <= 1e-4, `${name}: ${difference}`);
    }
    for (const learner of [compiled, eager, reference]) learner.dispose();
  });

  it('moves the parameters by the rate that it is given: not at all at 0', async () => {
    const learner = await createReturnLearner(pqn);
    const online = () => learner.state().filter(({ name }) => name.startsWith('online/'));
    const before = online();
    const [batch] = noiseBatches(1, pqn);
    learner.step(returnBatch(batch!), 0);
    assert.deepEqual(online(), before);
    learner.step(returnBatch(batch!), 1e-3);
    assert.notDeepEqual(online(), before);
    learner.dispose();
  });

  it('is not made of the settings of the other algorithm', async () => {
    await assert.rejects(createReturnLearner(dqn), /algorithm dqn does not learn from returns: expected pqn; use createLearner/);
    await assert.rejects(createLearner(pqn), /algorithm pqn does not learn from transitions: expected dqn; use createReturnLearner/);
  });
});
