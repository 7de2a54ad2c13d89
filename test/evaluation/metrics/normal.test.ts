import assert from 'node:assert/strict';
import fc from 'fast-check';
import { normalCdf, normalQuantile } from '../../../src/evaluation/metrics/normal.js';
import { near } from '../../support/near.js';

/** From the C library's erfc. */
const distribution = [
  [-20, 2.7536241186063314e-89],
  [-10, 7.619853024160593e-24],
  [-6, 9.865876450377012e-10],
  [-4, 3.1671241833119965e-5],
  [-2.6, 0.004661188023718751],
  [-2.5, 0.006209665325776139],
  [-2.4, 0.008197535924596138],
  [-1, 0.15865525393145707],
  [-0.1, 0.460172162722971],
  [0, 0.5],
  [0.3, 0.6179114221889526],
  [1.7, 0.955434537241457],
  [3, 0.9986501019683699],
  [8, 0.9999999999999993],
] as const;

/** From Python's statistics.NormalDist (Wichura's AS 241). */
const quantiles = [
  [1e-300, -37.0470962993612],
  [1e-20, -9.262340089798405],
  [1e-6, -4.753424308822899],
  [0.001, -3.090232306167813],
  [0.025, -1.9599639845400538],
  [0.1, -1.2815515655446008],
  [0.3, -0.5244005127080407],
  [0.75, 0.6744897501960817],
  [0.95, 1.6448536269514715],
  [0.999, 3.090232306167813],
] as const;

describe('the normal distribution', () => {
  it('equals the C library to thirteen digits, far into the tail', () => {
    for (const [x, expected] of distribution) near(normalCdf(x), expected, 1e-13, `Φ(${x})`);
  });

  it('has quantiles equal to AS 241 to thirteen digits', () => {
    for (const [p, expected] of quantiles) near(normalQuantile(p), expected, 1e-13, `Φ⁻¹(${p})`);
    assert.deepEqual([normalQuantile(0), normalQuantile(0.5), normalQuantile(1)], [-Infinity, 0, Infinity]);
  });

  it('returns a probability that went through the quantile', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true }), (p) => near(normalCdf(normalQuantile(p)), p, 1e-13)),
      { seed: 1 },
    );
  });

  it('refuses a probability outside of 0 to 1', () => {
    for (const p of [-0.1, 1.1, Number.NaN]) assert.throws(() => normalQuantile(p), /probability .* is not valid: expected 0 to 1/);
  });
});
