import assert from 'node:assert/strict';
import { readArrival } from '../../../src/domain/learner/data-file.js';
import { finishTraining, startTraining } from '../../../src/domain/learner/cycle.js';
import { nextStep } from '../../../src/domain/learner/next-step.js';
import { refuseRetrain, requestRetrain, resumeLearner } from '../../../src/domain/learner/requests.js';
import { newLearner, type LearnerState } from '../../../src/domain/learner/state.js';
import { quickSettings } from '../../support/loops/learners.js';

const learner = newLearner('ES', quickSettings);

describe('a request for a training', () => {
  const stopped = (): LearnerState => {
    const running = startTraining(requestRetrain(learner, { reason: 'first' }, 'a', 0), 0);
    const queued = requestRetrain(running, { reason: 'second' }, 'b', 1);
    return finishTraining(queued, { kind: 'stopped', runId: running.running.runId, summary: 'stopped by hand' }, 2);
  };

  it('that waits behind a training does not start when this is stopped, and starts at resume', () => {
    assert.deepEqual([nextStep(stopped(), 3).kind, nextStep(resumeLearner(stopped()), 3).kind], ['paused', 'train']);
  });

  it('that waits for resume says so in the ledger', () => {
    assert.deepEqual(stopped().ledger.entries.at(-1)?.outcome, {
      kind: 'deferred',
      until: 'resume',
      because: 'train-ES-000001 was stopped',
    });
  });
});

describe('text that PostgreSQL cannot store', () => {
  for (const [what, text] of [
    ['NUL', 'a\0b'],
    ['half a surrogate pair', 'a\ud800b'],
  ] as const) {
    it(`is refused as a reason (${what})`, () => {
      assert.match(refuseRetrain(learner, { reason: text }) ?? '', /^reason: expected/);
      assert.equal(refuseRetrain(learner, { reason: 'slippage 😀' }), null);
    });

    it(`is refused as the id or path of a file (${what})`, () => {
      const file = { id: 'a', path_id: 'ES.txt', bytes: 1, sha256: '0'.repeat(64) };
      assert.equal(readArrival(file).files.length, 1);
      assert.equal(readArrival({ ...file, id: text }).problems.length, 1);
      assert.equal(readArrival({ ...file, path_id: text }).problems.length, 1);
    });
  }
});
