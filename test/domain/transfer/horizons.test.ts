import assert from 'node:assert/strict';
import fc from 'fast-check';
import { effectiveHorizons, horizonOf, startingHorizons } from '../../../src/domain/transfer/horizons.js';
import { near } from '../../support/near.js';

const total = (weights: readonly { readonly weight: number }[]): number => weights.reduce((sum, { weight }) => sum + weight, 0);

describe('startingHorizons', () => {
  it('sum to 1, are log-uniform without a source, and give the source its share where its horizons fit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 200 }), (shortest, more) => {
        const range = { shortest, longest: shortest + more };
        const plain = startingHorizons([], range, 0.7);
        near(total(plain), 1, 1e-9);
        assert.deepEqual(startingHorizons([{ horizon: 1_000, weight: 1 }], range, 0.7), plain);
        const led = startingHorizons([{ horizon: shortest, weight: 3 }], range, 0.7);
        near(total(led), 1, 1e-9);
        near(led[0]!.weight, 0.7 + 0.3 * plain[0]!.weight, 1e-9);
      }),
    );
  });

  it('refuse a range that is none', () => {
    assert.throws(() => startingHorizons([], { shortest: 5, longest: 4 }, 0.5), { name: 'RangeError' });
  });
});

describe('horizonOf', () => {
  it('draws each horizon as often as its weight says', () => {
    const weights = [{ horizon: 6, weight: 1 }, { horizon: 12, weight: 0 }, { horizon: 24, weight: 3 }]; // prettier-ignore
    const drawn = Array.from({ length: 1_000 }, (_, i) => horizonOf(weights, i / 1_000));
    assert.deepEqual([drawn.filter((horizon) => horizon === 6).length, drawn.filter((horizon) => horizon === 24).length], [250, 750]);
  });
});

describe('effectiveHorizons', () => {
  it('weigh horizons by what they earned above the worst, and alike where all earned the same', () => {
    assert.deepEqual(
      effectiveHorizons([{ horizon: 6, score: -1 }, { horizon: 12, score: 1 }, { horizon: 24, score: 0 }]), // prettier-ignore
      [{ horizon: 6, weight: 0 }, { horizon: 12, weight: 2 / 3 }, { horizon: 24, weight: 1 / 3 }], // prettier-ignore
    );
    assert.deepEqual(effectiveHorizons([{ horizon: 6, score: 2 }, { horizon: 12, score: 2 }]).map(({ weight }) => weight), [0.5, 0.5]); // prettier-ignore
  });
});
