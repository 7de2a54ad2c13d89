import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { BarSeries } from '../../../src/domain/market/bars.js';
import { computeFeatures } from '../../../src/market/features/compute-features.js';
import { FEATURES } from '../../../src/market/features/table.js';
import { firstBars, flatBars, randomBars } from '../../support/market/bars.js';

const names = FEATURES.map(({ name }) => name);

/** Equal to 1e-7 of either value or of 1, NaN being equal to NaN. */
const assertClose = (actual: Float64Array, expected: Float64Array): void => {
  assert.equal(actual.length, expected.length);
  for (const [i, value] of expected.entries())
    if (Number.isNaN(value)) assert.ok(Number.isNaN(actual[i]), `row ${i}: ${actual[i]} is not NaN`);
    else assert.ok(Math.abs(actual[i]! - value) <= 1e-7 * Math.max(1, Math.abs(value)), `row ${i}: ${actual[i]} is not ${value}`);
};

const scaled = (bars: BarSeries, price: number, volume: number): BarSeries => ({
  ...bars,
  open: bars.open.map((value) => value * price),
  high: bars.high.map((value) => value * price),
  low: bars.low.map((value) => value * price),
  close: bars.close.map((value) => value * price),
  volume: bars.volume.map((value) => value * volume),
});

describe('the table of features', () => {
  it('names each feature once', () => assert.equal(new Set(names).size, names.length));

  for (const feature of FEATURES)
    describe(feature.name, () => {
      const bars = randomBars(500);

      it('is NaN while it warms up and finite from then on', () => {
        const values = feature.compute(bars);
        assert.equal(values.length, bars.length);
        assert.deepEqual(
          [...values].map(Number.isFinite),
          [...values.keys()].map((row) => row >= feature.warmUp),
        );
      });

      it('varies with the market', () => assert.ok(new Set(feature.compute(bars).slice(feature.warmUp)).size > 5));

      it('gives a prefix of the bars what it gives the whole', () => {
        const whole = feature.compute(bars);
        fc.assert(
          fc.property(fc.integer({ min: 1, max: bars.length - 1 }), (length) =>
            assert.deepEqual(feature.compute(firstBars(bars, length)), whole.slice(0, length)),
          ),
          { numRuns: 30, seed: 7 },
        );
      });

      it('does not change when all prices and all volumes are scaled', () =>
        assertClose(feature.compute(scaled(bars, 7.3, 1000)), feature.compute(bars)));

      for (const volume of [0, 100])
        it(`is finite and comes to rest on a flat market with volume ${volume}`, () => {
          const flat = flatBars(500, volume, 500);
          const settled = feature.compute(flat).slice(Math.max(feature.warmUp, 200));
          assert.ok(settled.every(Number.isFinite));
          if (feature.name !== 'timeOfDay') assert.equal(new Set(settled).size, 1);
        });
    });
});

describe('computeFeatures', () => {
  it('lays the columns out row by row in the order asked for', () => {
    const bars = randomBars(200);
    const { rows, values } = computeFeatures(bars, ['range', 'return']);
    assert.equal(rows, 200);
    assert.equal(values[2 * 17], Math.fround(Math.log(bars.high[17]! / bars.low[17]!)));
    assert.equal(values[2 * 17 + 1], Math.fround(Math.log(bars.close[17]! / bars.close[16]!)));
  });

  it('says in which row the last of its features has warmed up', () => {
    assert.equal(computeFeatures(randomBars(200), ['range', 'fibonacci', 'rsi']).warmUp, 99);
    assert.equal(computeFeatures(randomBars(50), ['range', 'fibonacci']).warmUp, 50);
  });

  it('refuses a name that it does not know and lists those that it does', () =>
    assert.throws(() => computeFeatures(randomBars(5), ['rsi', 'astrology']), { name: 'UnknownFeature', message: /"astrology".*rsi/ }));
});
