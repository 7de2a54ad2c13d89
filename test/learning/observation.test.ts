import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { RawFeatures } from '../../src/domain/market/features.js';
import { featureMatrix, fitNormaliser, slideObservation, writeObservation } from '../../src/learning/observation.js';

const raw = (rows: number[][], warmUp = 0): RawFeatures => ({
  names: rows[0]!.map((_, column) => `f${column}`),
  rows: rows.length,
  values: Float32Array.from(rows.flat()),
  warmUp,
});

describe('fitNormaliser', () => {
  it('measures only the rows of the training range, and leaves out what is not finite', () => {
    const features = raw(
      [
        [NaN, 5],
        [1, 5],
        [3, 5],
        [1000, -1000],
      ],
      1,
    );
    assert.deepEqual(fitNormaliser(features, { from: 0, to: 3 }, 4), { mean: [2, 5], scale: [1, 1], clip: 4 });
  });

  it('does not change when a bar outside the range changes', () => {
    const rows = Array.from({ length: 50 }, (_, i) => [Math.sin(i), i % 7]);
    const before = fitNormaliser(raw(rows), { from: 0, to: 40 }, 5);
    rows[40] = [1e6, -1e6];
    assert.deepEqual(fitNormaliser(raw(rows), { from: 0, to: 40 }, 5), before);
  });

  it('refuses a range outside the matrix', () => {
    assert.throws(() => fitNormaliser(raw([[1]]), { from: 0, to: 2 }, 5), RangeError);
    assert.throws(() => fitNormaliser(raw([[1]]), { from: 1, to: 1 }, 5), RangeError);
  });
});

describe('featureMatrix', () => {
  it('centres, scales and clamps, and turns what is not finite into zero', () => {
    const matrix = featureMatrix(
      raw(
        [
          [NaN, 1],
          [4, 3],
          [100, -100],
        ],
        1,
      ),
      { mean: [2, 1], scale: [2, 1], clip: 3 },
    );
    assert.deepEqual([...matrix.values], [0, 0, 1, 2, 3, -3]);
    assert.equal(matrix.firstValid, 1);
  });

  it('refuses a normaliser of another width', () => {
    assert.throws(() => featureMatrix(raw([[1, 2]]), { mean: [0], scale: [1], clip: 5 }), RangeError);
  });
});

describe('writeObservation', () => {
  it('equals the plain definition for every bar, window and offset', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 6 }),
        (width, rows, lookback) => {
          const table = Array.from({ length: rows }, (_, row) => Array.from({ length: width }, (_, column) => row * 10 + column + 1));
          const matrix = featureMatrix(raw(table), { mean: Array<number>(width).fill(0), scale: Array<number>(width).fill(1), clip: 1e9 });
          const privateState = Float32Array.of(9, 9, -1, -2, -3, -4);
          for (let bar = 0; bar < rows; bar++) {
            const out = new Float32Array(3 + width * lookback + 4).fill(7);
            writeObservation(matrix, lookback, bar, privateState, 2, out, 3);
            const window = Array.from({ length: lookback }, (_, i) => table[bar - lookback + 1 + i] ?? Array<number>(width).fill(0)).flat();
            assert.deepEqual([...out], [7, 7, 7, ...window, -1, -2, -3, -4]);
          }
        },
      ),
    );
  });

  it('refuses a bar outside the matrix and an array that is too short', () => {
    const matrix = featureMatrix(raw([[1]]), { mean: [0], scale: [1], clip: 5 });
    assert.throws(() => writeObservation(matrix, 1, 1, new Float32Array(4), 0, new Float32Array(5), 0), RangeError);
    assert.throws(() => writeObservation(matrix, 1, 0, new Float32Array(4), 0, new Float32Array(4), 0), RangeError);
  });
});

describe('slideObservation', () => {
  it('gives the numbers that writing anew gives, bar after bar, also where the first rows are missing', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 0, max: 8 }),
        (width, lookback, from) => {
          const rows = Array.from({ length: 12 }, (_, row) => Array.from({ length: width }, (_, column) => Math.sin(row * width + column)));
          const matrix = featureMatrix(raw(rows), { mean: rows[0]!.map(() => 0), scale: rows[0]!.map(() => 1), clip: 5 });
          const size = lookback * width + 4;
          const [anew, sliding] = [new Float32Array(3 + size), new Float32Array(3 + size)];
          const state = (bar: number): Float32Array => Float32Array.from({ length: 4 }, (_, i) => Math.cos(bar + i));
          writeObservation(matrix, lookback, from, state(from), 0, sliding, 3);
          for (let bar = from + 1; bar < 12; bar++) {
            writeObservation(matrix, lookback, bar, state(bar), 0, anew, 3);
            slideObservation(matrix, lookback, bar, state(bar), 0, sliding, 3);
            assert.deepEqual(sliding, anew);
          }
        },
      ),
      { seed: 4, numRuns: 60 },
    );
  });

  it('refuses a bar outside the matrix, the first one, and an array that is too small', () => {
    const matrix = featureMatrix(raw([[1], [2]]), { mean: [0], scale: [1], clip: 5 });
    for (const bar of [0, 2])
      assert.throws(() => slideObservation(matrix, 1, bar, new Float32Array(4), 0, new Float32Array(5), 0), RangeError);
    assert.throws(() => slideObservation(matrix, 1, 1, new Float32Array(4), 0, new Float32Array(4), 0), RangeError);
  });
});
