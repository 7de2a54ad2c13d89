import assert from 'node:assert/strict';
import { pastOutcome } from '../../../src/market/indicators/past-outcome.js';
import { seededUniform } from '../../support/market/bars.js';

const uniform = seededUniform(3);
const series = (length: number, first: number): Float64Array => Float64Array.from({ length }, (_, i) => (i < first ? NaN : uniform()));

describe('pastOutcome', () => {
  const options = { window: 20, horizon: 5, nearest: 4 };
  const [a, b, outcome] = [series(120, 3), series(120, 0), series(120, 7)];

  /** By the definition, sorting all of them. */
  const expectedAt = (bar: number): number => {
    const past = Array.from({ length: options.window }, (_, i) => bar - options.horizon - options.window + 1 + i);
    const distance = (one: number): number => (a[one]! - a[bar]!) ** 2 + (b[one]! - b[bar]!) ** 2;
    const nearest = past.toSorted((x, y) => distance(x) - distance(y) || x - y).slice(0, options.nearest);
    return nearest.reduce((sum, one) => sum + outcome[one + options.horizon]!, 0) / options.nearest;
  };

  it('is the mean outcome of the nearest of the past bars, and NaN until there are enough', () => {
    const found = pastOutcome([a, b], outcome, options);
    const first = 3 + options.window - 1 + options.horizon;
    assert.ok(found.subarray(0, first).every(Number.isNaN));
    for (let bar = first; bar < found.length; bar++) assert.ok(Math.abs(found[bar]! - expectedAt(bar)) < 1e-12, String(bar));
  });

  it('knows no outcome before it has come: another future leaves every value as it is', () => {
    const [before, cut] = [pastOutcome([a, b], outcome, options), 80];
    const changed = (values: Float64Array): Float64Array => values.map((value, i) => (i > cut ? value + 100 : value));
    const after = pastOutcome([changed(a), changed(b)], changed(outcome), options);
    assert.deepEqual(after.subarray(0, cut + 1), before.subarray(0, cut + 1));
    assert.notDeepEqual(after.subarray(cut + 1), before.subarray(cut + 1));
  });
});
