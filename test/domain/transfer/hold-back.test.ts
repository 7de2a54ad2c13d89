import assert from 'node:assert/strict';
import { splitDataset } from '../../../src/domain/market/split.js';
import { holdBack } from '../../../src/domain/transfer/hold-back.js';

const BARS = 10;
const sessionsOf = (count: number) => ({
  instrument: 'ES',
  length: count * BARS,
  session: Int32Array.from({ length: count * BARS }, (_, bar) => Math.floor(bar / BARS)),
});
const rule = { evaluationFraction: 0.2, evaluationEpisodes: 4 };

describe('holdBack', () => {
  it('takes the newest sessions from the training, as far from it as it is from the evaluation', () => {
    const bars = sessionsOf(50);
    const whole = splitDataset(bars, rule, 15);
    assert.deepEqual(whole.training, { from: 0, to: 380 }); // 40 sessions, less the two that the purge touches
    const { training, validation, evaluation } = holdBack(bars, whole, 0.1);
    assert.deepEqual(validation, { from: 340, to: 380 });
    assert.deepEqual(training, { from: 0, to: 320 });
    assert.deepEqual(evaluation, whole.evaluation);
  });

  it('takes at least one session, and none where too little would be left to train on', () => {
    const few = sessionsOf(12);
    assert.deepEqual(holdBack(few, splitDataset(few, rule, 15), 0.01).validation, { from: 50, to: 60 });
    const least = sessionsOf(9);
    const whole = splitDataset(least, rule, 15);
    assert.equal(holdBack(least, whole, 0.1), whole);
  });
});
