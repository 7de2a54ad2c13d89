import assert from 'node:assert/strict';
import fc from 'fast-check';
import { exposure, turnover } from '../../../src/evaluation/metrics/activity.js';
import { measureReturns, returnMetrics } from '../../../src/evaluation/metrics/table.js';
import type { ReturnMetric } from '../../../src/evaluation/metrics/table.js';
import { near } from '../../support/near.js';

const context = { periodsPerYear: 252, growth: 'additive' } as const;
const returns = fc
  .array(fc.double({ min: -0.2, max: 0.2, noNaN: true }), { minLength: 3, maxLength: 60 })
  .map((values) => Float64Array.from(values));

describe('every return metric', () => {
  for (const [name, metric] of Object.entries<ReturnMetric>(returnMetrics)) {
    it(`${name} leaves the returns as they were and gives the same number again`, () => {
      fc.assert(
        fc.property(returns, (values) => {
          const before = values.slice();
          const first = metric(values, context);
          assert.deepEqual(values, before);
          assert.ok(Object.is(metric(values, context), first));
        }),
        { seed: 3, numRuns: 50 },
      );
    });

    it(`${name} gives a number, finite or not, for no returns, one, and equal ones`, () => {
      for (const values of [[], [0.01], [0, 0, 0], [0.01, 0.01, 0.01]])
        assert.equal(typeof metric(Float64Array.from(values), context), 'number');
    });
  }

  it('is null by name where it is not finite', () => {
    const measured = measureReturns(new Float64Array(10), context);
    assert.deepEqual(Object.keys(measured), Object.keys(returnMetrics));
    assert.equal(measured.sharpe, null);
    assert.equal(measured.totalReturn, 0);
  });
});

describe('turnover and exposure', () => {
  it('are the mean notional traded per bar and the share of bars with a position', () => {
    near(turnover(Float64Array.of(0.9, 0, 0, 1.8, 0.9)), 0.72);
    near(exposure(Float64Array.of(1, 1, 0, -1, 0)), 0.6);
    assert.deepEqual([turnover(new Float64Array(0)), exposure(new Float64Array(0))], [0, 0]);
  });
});
