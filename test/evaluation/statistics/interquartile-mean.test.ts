import assert from 'node:assert/strict';
import { interquartileMean } from '../../../src/evaluation/statistics/interquartile-mean.js';
import { createRandom } from '../../../src/learning/random.js';
import { near } from '../../support/near.js';

const measure = (scores: readonly (readonly number[])[], confidence = 0.95, replicates = 2_000) =>
  interquartileMean({ scores, replicates, confidence, random: createRandom(1, 'seeds') });

describe('interquartileMean', () => {
  it('is the mean of the middle half, as scipy trims it: a quarter, rounded down, off either end', () => {
    near(measure([[1, 2, 3, 4, 5, 6, 7, 8]]).value, 4.5);
    near(measure([[-1_000, 2, 3, 4, 5, 6, 7, 1_000]]).value, 4.5); // an outlier at either end does not move it
    near(measure([[1, 5], [9]]).value, 5); // of three nothing is cut
    near(
      measure([
        [0.3, 0.1, 0.9],
        [0.4, 0.2, 5],
      ]).value,
      (0.2 + 0.3 + 0.4 + 0.9) / 4,
    ); // trim_mean(…, 0.25) of six cuts one
  });

  it('has bounds that hold the value, the wider the more confident', () => {
    const random = createRandom(2, 'scores');
    const scores = Array.from({ length: 6 }, () => Array.from({ length: 5 }, () => random.normal()));
    const [usual, sure] = [measure(scores, 0.8), measure(scores, 0.99)];
    assert.ok(sure.lower < usual.lower && usual.lower < usual.value && usual.value < usual.upper && usual.upper < sure.upper);
  });

  it('draws seeds within their task: tasks that differ and seeds that do not leave nothing to chance', () => {
    const { value, lower, upper } = measure([[1, 1, 1], [5, 5, 5], [9, 9, 9], [13, 13, 13]]); // prettier-ignore
    assert.deepEqual([lower, upper], [value, value]);
  });

  it('holds the true mean in as many samples as it says', () => {
    const random = createRandom(3, 'coverage');
    const samples = 300;
    let held = 0;
    for (let sample = 0; sample < samples; sample++) {
      const scores = [0, 1].map((task) => Array.from({ length: 30 }, () => 10 * task + random.normal()));
      const { lower, upper } = interquartileMean({ scores, replicates: 300, confidence: 0.9, random });
      if (lower <= 5 && 5 <= upper) held++;
    }
    assert.ok(held / samples > 0.8, `${held} of ${samples}`);
  });

  it('refuses no scores, and one that is no number', () => {
    assert.throws(() => measure([[], []]), /of 0 scores is not defined/);
    assert.throws(() => measure([[1, NaN]]), /of 2 scores is not defined: expected at least one, all of them finite/);
  });
});
