import assert from 'node:assert/strict';
import { decodeTrainerState, encodeTrainerState } from '../../../src/learning/trainer/state-files.js';
import { smallTrainer } from '../../support/learning/small-training.js';

describe('trainer state files', () => {
  it('give back the state bit by bit, and equal bytes for equal states', () => {
    const trainer = smallTrainer();
    while (trainer.step() < 1_500) trainer.advance();
    const files = encodeTrainerState(trainer.state());
    const decoded = decodeTrainerState(files);
    assert.deepEqual(encodeTrainerState(decoded), files);
    const again = smallTrainer();
    again.restore(decoded);
    for (let i = 0; i < 100; i++) for (const one of [trainer, again]) one.advance();
    assert.deepEqual(encodeTrainerState(again.state()), encodeTrainerState(trainer.state()));
  });

  it('refuse a checkpoint without one of its files', () => {
    const files = encodeTrainerState(smallTrainer().state());
    delete files['learner.safetensors'];
    assert.throws(() => decodeTrainerState(files), { name: 'TensorFileInvalid' });
  });
});
