import assert from 'node:assert/strict';
import { continualScores } from '../../../src/domain/transfer/continual-scores.js';
import { near } from '../../support/near.js';

describe('continualScores', () => {
  it('are those of their definitions, on three tasks by hand', () => {
    const { average, backwardTransfer, forwardTransfer, forgetting } = continualScores({
      after: [
        [0.9, 0.3, 0.1],
        [0.6, 0.8, 0.4],
        [0.7, 0.5, 1],
      ],
      untrained: [0.1, 0.1, 0.2],
    });
    near(average, (0.7 + 0.5 + 1) / 3);
    near(backwardTransfer!, (0.7 - 0.9 + (0.5 - 0.8)) / 2);
    near(forwardTransfer!, (0.3 - 0.1 + (0.4 - 0.2)) / 2);
    near(forgetting!, (0.9 - 0.7 + (0.8 - 0.5)) / 2);
  });

  it('count what was best on the way as forgotten, although it was reached after the task', () => {
    const scores = continualScores({ after: [[0.5, 0, 0], [0.9, 1, 0], [0.6, 1, 1]], untrained: [0, 0, 0] }); // prettier-ignore
    near(scores.forgetting!, (0.9 - 0.6 + 0) / 2);
    near(scores.backwardTransfer!, (0.1 + 0) / 2);
  });

  it('say nothing of transfer on one task, and refuse scores that are no square', () => {
    assert.deepEqual(continualScores({ after: [[0.4]], untrained: [0] }), {
      average: 0.4,
      backwardTransfer: null,
      forwardTransfer: null,
      forgetting: null,
    });
    assert.throws(() => continualScores({ after: [[1, 2]], untrained: [0] }), {
      name: 'RangeError',
      message: /scores of 1 trainings on 2 tasks/,
    });
    assert.throws(() => continualScores({ after: [], untrained: [] }), { name: 'RangeError' });
  });
});
