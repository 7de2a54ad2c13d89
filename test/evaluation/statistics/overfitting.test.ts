import assert from 'node:assert/strict';
import { measureOverfitting } from '../../../src/evaluation/statistics/overfitting.js';
import { createRandom } from '../../../src/learning/random.js';
import { near } from '../../support/near.js';
import { noiseTrials, plantedTrials } from '../../support/evaluation/trial-returns.js';

/** Blocks of two bars that are `level` ± 1. */
const blocksAt = (...levels: number[]): Float64Array => Float64Array.from(levels.flatMap((level) => [level + 1, level - 1]));

const meanProbability = (make: (seed: number) => Float64Array[], repeats: number): number => {
  let sum = 0;
  for (let seed = 0; seed < repeats; seed++) sum += measureOverfitting({ trials: make(seed), blocks: 10 }).probability;
  return sum / repeats;
};

describe('measureOverfitting', () => {
  it('is 0 for a trial that is best in every block, and 1 where the best of one half is the worst of the other', () => {
    const best = { trials: [blocksAt(3, 3, 3, 3), blocksAt(2, 2, 2, 2), blocksAt(1, 1, 1, 1)], blocks: 4 };
    assert.deepEqual(measureOverfitting(best), { probability: 0, lossProbability: 0, combinations: 6 });
    const turning = { trials: [blocksAt(5, -5), blocksAt(-5, 5), blocksAt(0, 0)], blocks: 2 };
    assert.deepEqual(measureOverfitting(turning), { probability: 1, lossProbability: 1, combinations: 2 });
  });

  it('counts by hand: of six halvings of four blocks, those in which the winner ends at or below the median', () => {
    // Sharpe ratios rise with the sum of a half's levels: first 8 against 0 of halves (0,1) and so on; second is always 1 a block.
    const trials = [blocksAt(4, 4, 0, 0), blocksAt(1, 1, 1, 1), blocksAt(0, 0, 0.5, 0.5)];
    // Chosen on (0,1): first, tested on (2,3): 0, last. On (2,3): second, tested on (0,1): median, w = 1/2. On a mixed half: first, and best again.
    near(measureOverfitting({ trials, blocks: 4 }).probability, 2 / 6);
  });

  it('is about one half on noise and small with one true edge', () => {
    assert.ok(Math.abs(meanProbability(noiseTrials, 30) - 0.5) < 0.15);
    assert.ok(meanProbability((seed) => plantedTrials(seed, 3), 10) < 0.1);
  });

  it('calls equal trials a choice of luck', () => {
    const [same] = noiseTrials(1);
    assert.equal(measureOverfitting({ trials: [same!, same!.slice(), same!.slice()], blocks: 6 }).probability, 1);
  });

  it('does not depend on the scale of returns', () => {
    const trials = noiseTrials(3);
    const scaled = trials.map((returns) => returns.map((value) => value * 1e-4));
    assert.deepEqual(measureOverfitting({ trials: scaled, blocks: 8 }), measureOverfitting({ trials, blocks: 8 }));
  });

  it('refuses one trial, different bars, and blocks that cannot be halved', () => {
    const [one, other] = noiseTrials(1);
    const measure = (trials: Float64Array[], blocks: number) => () => measureOverfitting({ trials, blocks });
    assert.throws(measure([one!], 10), /1 trials cannot be chosen among: expected at least two/);
    assert.throws(measure([one!, other!.slice(1)], 10), /trials have 1000 and 999 bars/);
    for (const blocks of [0, 5, 1_000]) assert.throws(measure([one!, other!], blocks), /blocks of 1000 bars are not valid/);
  });

  it('takes returns that do not vary for a Sharpe ratio of 0', () => {
    const random = createRandom(1, 'losing');
    const losing = Float64Array.from({ length: 1_000 }, () => random.normal() - 3);
    assert.deepEqual(measureOverfitting({ trials: [new Float64Array(1_000), losing], blocks: 4 }).probability, 0);
  });
});
