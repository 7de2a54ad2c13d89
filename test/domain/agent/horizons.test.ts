import assert from 'node:assert/strict';
import fc from 'fast-check';
import { horizonAt } from '../../../src/domain/agent/horizons.js';
import { horizonInput, horizonOfInput } from '../../../src/domain/agent/private-state.js';

describe('horizonAt', () => {
  it('gives whole bars between the two ends, never fewer for a higher quantile', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 0, max: 500 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (shortest, more, q) => {
          const range = { shortest, longest: shortest + more };
          const horizon = horizonAt(range, q);
          assert.ok(Number.isInteger(horizon) && horizon >= shortest && horizon <= range.longest);
          assert.ok(horizonAt(range, Math.min(0.9999, q + 0.1)) >= horizon);
        },
      ),
    );
  });

  it('reaches both ends, and is log-uniform: half of 1 to 63 is at most 7', () => {
    const range = { shortest: 1, longest: 63 };
    assert.deepEqual([horizonAt(range, 0), horizonAt(range, 0.999_999), horizonAt(range, 0.499), horizonAt(range, 0.501)], [1, 63, 7, 8]);
  });
});

describe('horizonOfInput', () => {
  it('gives back every horizon, also from 32 bits', () => {
    for (let bars = 1; bars <= 4_096; bars++) assert.equal(horizonOfInput(Math.fround(horizonInput(bars))), bars);
  });
});
