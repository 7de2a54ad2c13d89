import assert from 'node:assert/strict';
import type { Inspection, StepResult } from '../../../src/learning/learner.js';
import { createCaretaker, INSPECT_EVERY } from '../../../src/learning/trainer/caretaker.js';
import { TrainingDiverged } from '../../../src/learning/trainer/health.js';
import { near } from '../../support/near.js';
import { smallTrainingConfig } from '../../support/learning/small-training.js';

const batch = { bars: new Int32Array(1), privateState: new Float32Array(4) };
const result: StepResult = { loss: 1, qLoss: 1, auxiliaryLoss: 1, gradientNorm: 1, tdErrors: new Float32Array(1) };

/** A network of one layer of ten units, of which so many speak. */
const network = (speaking: number) => {
  const calls: string[] = [];
  return {
    calls,
    inspect: (): Inspection => {
      calls.push('inspect');
      return {
        activity: [{ layer: 'trunk/0', meanAbsolute: Float32Array.from({ length: 10 }, (_, unit) => (unit < speaking ? 2 : 0)) }],
        norms: { 'trunk/0/weight': 3, 'trunk/0/bias': 4 },
      };
    },
    recycle: (_: Int32Array, __: Float32Array, threshold: number, random: { uniform(): number }): number => {
      calls.push(`recycle ${threshold} ${random.uniform()}`);
      return 2;
    },
  };
};

describe('createCaretaker', () => {
  it('looks at the network every 50 gradient steps, and tells the last look', () => {
    const learner = network(6);
    const caretaker = createCaretaker({ learner, config: smallTrainingConfig() });
    assert.equal(caretaker.figures().dormantShare, null);
    for (let step = 1; step <= 3 * INSPECT_EVERY; step++) caretaker.learned(step, result, batch);
    assert.deepEqual(learner.calls, ['inspect', 'inspect', 'inspect']);
    const figures = caretaker.figures();
    near(figures.dormantShare!, 0.4);
    near(figures.activationMean!, 1.2);
    assert.deepEqual([figures.weightNorm, figures.largestLayerNorm, figures.recycledUnits], [5, 4, 0]);
  });

  it('gives dormant units a new start as often as configured, by chance that follows from the step alone', () => {
    const config = smallTrainingConfig({ recycle: { every: 20, threshold: 0.1 } });
    const [whole, resumed] = [network(6), network(6)];
    const first = createCaretaker({ learner: whole, config });
    for (let step = 1; step <= 60; step++) first.learned(step, result, batch);
    assert.equal(first.figures().recycledUnits, 6);
    let second = createCaretaker({ learner: resumed, config });
    for (let step = 1; step <= 60; step++) {
      second.learned(step, result, batch);
      const state = structuredClone(second.state());
      second = createCaretaker({ learner: resumed, config });
      second.restore(state);
    }
    assert.deepEqual(resumed.calls, whole.calls);
    assert.deepEqual(second.figures(), first.figures());
    const recyclings = whole.calls.filter((call) => call.startsWith('recycle 0.1 '));
    assert.equal(new Set(recyclings).size, 3);
  });

  it('throws TrainingDiverged at the first look at a network of which next to nothing is left', () => {
    const caretaker = createCaretaker({ learner: network(0), config: smallTrainingConfig() });
    assert.throws(
      () => {
        for (let step = 1; step <= 100; step++) caretaker.learned(step, result, batch);
      },
      (error: unknown) => {
        assert.ok(error instanceof TrainingDiverged);
        assert.deepEqual([error.finding.check, error.gradientStep], ['dormant', INSPECT_EVERY]);
        assert.match(error.message, /at gradient step 50 \(dormant\): dormantShare is 1, expected at most 0\.9 of a layer's units/);
        return true;
      },
    );
  });

  it('goes on from the state of a version that had none', () => {
    const caretaker = createCaretaker({ learner: network(6), config: smallTrainingConfig() });
    caretaker.restore({ 'replay/bar': new Int32Array(3) });
    assert.equal(caretaker.figures().recycledUnits, 0);
  });
});
