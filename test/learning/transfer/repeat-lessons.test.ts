import assert from 'node:assert/strict';
import type { NamedTensor } from '../../../src/learning/learner.js';
import { repeatLessons } from '../../../src/learning/transfer/repeat-lessons.js';

describe('repeatLessons', () => {
  it('makes the teacher young again each time that a multiple is passed, and changes nothing else', () => {
    let step = 0;
    let tensors: readonly NamedTensor[] = ['teacher/age', 'online/trunk/0/bias'].map((name) => ({ name, shape: [], values: new Float32Array(1) })); // prettier-ignore
    const grown = (): void => void (tensors = tensors.map((tensor) => ({ ...tensor, values: tensor.values.map((value) => value + 1) })));
    const student = { state: () => [...tensors], load: (state: readonly NamedTensor[]) => void (tensors = state) };
    const advance = (): void => {
      step += 3;
      grown();
    };
    const trainer = repeatLessons({ step: () => step, advance }, student, 10);
    const ages = Array.from({ length: 8 }, () => {
      trainer.advance();
      return [trainer.step(), ...tensors.map(({ values }) => values[0])];
    });
    assert.deepEqual(ages, [
      [3, 1, 1],
      [6, 2, 2],
      [9, 3, 3],
      [12, 0, 4],
      [15, 1, 5],
      [18, 2, 6],
      [21, 0, 7],
      [24, 1, 8],
    ]);
  });
});
