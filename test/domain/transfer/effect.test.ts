import assert from 'node:assert/strict';
import { interquartileMean, measureEffect } from '../../../src/domain/transfer/effect.js';
import { createRandom } from '../../../src/learning/random.js';
import { near } from '../../support/near.js';

describe('interquartileMean', () => {
  it('is the mean of the middle half, values at the quartiles counting in part', () => {
    near(interquartileMean([1, 2, 3, 4, 5, 6, 7, 100]), 4.5); // the middle four: 3, 4, 5, 6
    near(interquartileMean([10, 0, 2]), (0 * 0.25 + 2 * 1 + 10 * 0.25) / 1.5);
    assert.equal(interquartileMean([7]), 7);
  });
});

describe('measureEffect', () => {
  const random = () => createRandom(1, 'effect');

  it('pairs by seed: what is common to both trainings of a seed is no noise', () => {
    const luck = Array.from({ length: 8 }, (_, seed) => 100 * Math.sin(seed));
    const effect = measureEffect(luck.map((score) => score + 1), luck, random()); // prettier-ignore
    assert.ok(effect.measured);
    near(effect.gain.estimate, 1, 1e-9);
    near(effect.gain.lower, 1, 1e-9);
    near(effect.gain.upper, 1, 1e-9);
    assert.ok(effect.control.upper - effect.control.lower > 50);
  });

  it('covers a true gain of zero in about 19 of 20 cases of 12 seeds', () => {
    const noise = createRandom(2, 'scores');
    let covered = 0;
    for (let round = 0; round < 60; round++) {
      const scores = (): number[] => Array.from({ length: 12 }, () => noise.normal());
      const effect = measureEffect(scores(), scores(), random());
      if (effect.measured && effect.gain.lower <= 0 && effect.gain.upper >= 0) covered++;
    }
    assert.ok(covered >= 51, `${covered} of 60`);
  });

  it('shows nothing on two seeds', () => {
    assert.throws(() => measureEffect([1, 2], [1, 2], random()), { name: 'RangeError', message: /expected at least 3 pairs by seed/ });
  });
});
