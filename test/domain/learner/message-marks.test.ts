import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isMarked, mark, noMarks, unmarked } from '../../../src/domain/learner/message-marks.js';
import { restoreLearner } from '../../../src/domain/learner/state.js';
import { quickSettings } from '../../support/loops/learners.js';

const ids = (from: number, count: number): string[] => Array.from({ length: count }, (_, index) => `message-${from + index}`);

describe('marks of messages', () => {
  it('tell 24,000 ids apart from 24,000 others and fit into 220 kB', () => {
    const marks = mark(noMarks, ids(0, 24_000));
    const messages = ids(0, 48_000).map((id) => ({ id }));
    assert.deepEqual(unmarked(marks, messages), messages.slice(24_000));
    const some = [0, 11_999, 23_999, 24_000, 40_000].map((index) => `message-${index}`);
    assert.deepEqual(
      some.map((id) => isMarked(marks, id)),
      [true, true, true, false, false],
    );
    assert.ok(JSON.stringify(marks).length < 220_000);
  });

  it('forget the oldest first, once there are too many', () => {
    const marks = mark(mark(noMarks, ids(0, 24_000)), ['one more']);
    assert.deepEqual([isMarked(marks, 'message-0'), isMarked(marks, 'message-1'), isMarked(marks, 'one more')], [false, true, true]);
  });

  it('let each id through once, whatever the order and the repeats', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.string({ minLength: 1, maxLength: 12 }), { maxLength: 8 }), { maxLength: 12 }), (batches) => {
        let marks = noMarks;
        const taken: string[] = [];
        for (const batch of batches) {
          const fresh = unmarked(
            marks,
            batch.map((id) => ({ id })),
          ).map(({ id }) => id);
          marks = mark(marks, fresh);
          taken.push(...fresh);
        }
        assert.deepEqual(taken, [...new Set(batches.flat())]);
      }),
    );
  });

  it('know the ids that an earlier version carried', () => {
    const { marks } = restoreLearner({ instrument: 'ES', settings: quickSettings, seen: ['a', 'b'] });
    assert.deepEqual(
      ['a', 'b', 'c'].map((id) => isMarked(marks, id)),
      [true, true, false],
    );
  });
});
