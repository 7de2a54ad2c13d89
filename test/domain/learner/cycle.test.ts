import assert from 'node:assert/strict';
import { finishTraining, startTraining } from '../../../src/domain/learner/cycle.js';
import { nextStep } from '../../../src/domain/learner/next-step.js';
import { recordMeasurement } from '../../../src/domain/learner/notices.js';
import { requestRetrain } from '../../../src/domain/learner/requests.js';
import { newLearner, type LearnerState } from '../../../src/domain/learner/state.js';
import { quickSettings } from '../../support/loops/learners.js';

const learner = newLearner('ES', { ...quickSettings, performanceThreshold: -0.05 });

/** After a training that left `live` in production and during which production's `version` was measured to lose. */
const after = (version: string, live: string): LearnerState => {
  const training = startTraining(requestRetrain(learner, { reason: 'first' }, 'a', 0), 0);
  const measured = recordMeasurement(training, { id: 'm', version, net_return: -0.2, days: 5 }, 1);
  const result = {
    kind: 'decided',
    runId: training.running.runId,
    version: 'v2',
    verdict: 'PROMOTE',
    installedAs: 'production',
    live: { version: live, role: 'production' },
    sharpe: 1,
    summary: 'better',
  } as const;
  return finishTraining(measured, result, 2);
};

describe('a loss that was measured during a training', () => {
  it('asks for another one where the version is still live', () => {
    assert.equal(nextStep(after('v1', 'v1'), 3).kind, 'train');
  });

  it('asks for nothing where that training has replaced the version', () => {
    const state = after('v1', 'v2');
    assert.notEqual(nextStep(state, 3).kind, 'train');
    assert.equal(state.measured, null);
    assert.deepEqual(state.ledger.entries.at(-1)?.outcome, { kind: 'dropped', because: 'v1 is no longer live' });
  });
});
