import assert from 'node:assert/strict';
import { chooseBins, epsilonAt } from '../../src/learning/exploration.js';
import { createRandom } from '../../src/learning/random.js';

describe('epsilonAt', () => {
  it('falls in a straight line from start to end and stays there', () => {
    const schedule = { start: 1, end: 0.05, decaySteps: 100 };
    assert.deepEqual(
      [0, 50, 100, 1_000].map((step) => epsilonAt(schedule, step)),
      [1, 0.525, 0.05, 0.05],
    );
  });
});

describe('chooseBins', () => {
  const rows = 10_000;
  const bins = 11;
  /** Bin 7 is the greatest in every row. */
  const values = Float32Array.from({ length: rows * bins }, (_, i) => (i % bins === 7 ? 1 : 0));
  const countGreedy = (epsilon: number): number => {
    const chosen = new Int32Array(rows);
    chooseBins(values, bins, () => epsilon, createRandom(1, 'exploration'), chosen);
    return chosen.filter((bin) => bin === 7).length;
  };

  it('explores never at 0, always at 1 and half the time at 0.5', () => {
    assert.equal(countGreedy(0), rows);
    // A random bin is the greatest one time in eleven. Bounds are five standard deviations.
    assert.ok(Math.abs(countGreedy(1) - rows / 11) < 144, `${countGreedy(1)} of ${rows / 11}`);
    assert.ok(Math.abs(countGreedy(0.5) - rows * (0.5 + 0.5 / 11)) < 250, `${countGreedy(0.5)}`);
  });

  it('draws for each branch by itself', () => {
    const random = createRandom(2, 'exploration');
    const [price, quantity] = [new Int32Array(rows), new Int32Array(rows)];
    chooseBins(values, bins, () => 0.5, random, price);
    chooseBins(values, bins, () => 0.5, random, quantity);
    const both = price.filter((bin, row) => bin === 7 && quantity[row] === 7).length;
    const greedy = 0.5 + 0.5 / 11;
    assert.ok(Math.abs(both - rows * greedy ** 2) < 250, `${both} greedy in both branches`);
  });

  it('takes the first of equal values and refuses a matrix of another size', () => {
    const chosen = new Int32Array(1);
    chooseBins(Float32Array.of(1, 2, 2), 3, () => 0, createRandom(1, 'e'), chosen);
    assert.equal(chosen[0], 1);
    assert.throws(() => chooseBins(new Float32Array(5), 3, () => 0, createRandom(1, 'e'), chosen), RangeError);
  });
});
