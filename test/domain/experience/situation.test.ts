import assert from 'node:assert/strict';
import fc from 'fast-check';
import { nearestPast, type Situation } from '../../../src/domain/experience/situation.js';

const situation = (id: string, decidedAt: number, features: readonly number[], duration = 10): Situation => ({
  id,
  decidedAt,
  knownAt: decidedAt + duration,
  features: Float32Array.from(features),
});
const idsOf = (found: ReturnType<typeof nearestPast>): string[] => found.map(({ situation: { id } }) => id);

describe('nearestPast', () => {
  it('never gives a situation of the decision time or later, nor one whose outcome was not known yet, and none of them moves the others', () => {
    const any = fc.record({
      decidedAt: fc.integer({ min: 0, max: 100 }),
      duration: fc.integer({ min: 0, max: 30 }),
      features: fc.array(fc.float({ noNaN: true, min: -5, max: 5 }), { minLength: 2, maxLength: 2 }),
    });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 30 }), fc.integer({ min: 0, max: 110 }), fc.integer({ min: 1, max: 5 }), (all, at, count) => {
        const situations = all.map(({ decidedAt, duration, features }, i) => situation(String(i), decidedAt, features, duration));
        const query = { features: Float32Array.of(0, 1), at };
        const found = nearestPast(situations, query, count);
        const past = situations.filter(({ decidedAt, knownAt }) => decidedAt < at && knownAt <= at);
        assert.equal(found.length, Math.min(count, past.length));
        assert.ok(found.every((one) => past.includes(one.situation)));
        assert.deepEqual(found, nearestPast(past, query, count));
      }),
      { numRuns: 300, seed: 7 },
    );
  });

  it('orders by distance in standard deviations, the later first of equally near ones, and counts a feature that never varies as nothing', () => {
    const situations = [
      situation('wide', 1, [0, 0, 7]),
      situation('near', 2, [100, 2, 7]),
      situation('twin', 3, [100, 2, 7]),
      situation('far', 4, [200, 8, 7]),
    ];
    const found = nearestPast(situations, { features: Float32Array.of(110, 2, -1), at: 50 }, 4);
    assert.deepEqual(idsOf(found), ['twin', 'near', 'wide', 'far']);
    // The deviation of 0, 100, 100, 200 is √5000; the other two features are equal or do not vary.
    assert.ok(Math.abs(found[0]!.distance - Math.sqrt((10 / Math.sqrt(5_000)) ** 2 / 3)) < 1e-12);
  });

  it('leaves out what has other features or no numbers', () => {
    const situations = [situation('short', 1, [0]), situation('nan', 2, [NaN, 0]), situation('good', 3, [5, 5])];
    assert.deepEqual(idsOf(nearestPast(situations, { features: Float32Array.of(0, 0), at: 50 }, 9)), ['good']);
  });
});
