import assert from 'node:assert/strict';
import { bootstrapSharpeDifference, defaultBlockLength } from '../../../src/evaluation/statistics/bootstrap.js';
import { sharpe } from '../../../src/evaluation/metrics/sharpe.js';
import { createRandom } from '../../../src/learning/random.js';
import { near } from '../../support/near.js';
import { pairedReturns } from '../../support/evaluation/paired-returns.js';

const defaults = { replicates: 400, confidence: 0.9 };
const bootstrap = (
  candidate: Float64Array,
  reference: Float64Array,
  seed = 1,
  more: { replicates?: number; confidence?: number; blockLength?: number } = {},
) => bootstrapSharpeDifference({ candidate, reference, ...defaults, ...more, random: createRandom(seed, 'bootstrap') });
const pair = (bars: number, seed = 1) =>
  pairedReturns(createRandom(seed, 'returns'), { bars, correlation: 0.7, candidate: 0.1, reference: 0.02 });

/** Variance of the difference for independent normal returns (Jobson & Korkie 1981 as corrected by Memmel 2003); a, b per-bar Sharpe ratios. */
const closedForm = (a: number, b: number, correlation: number, bars: number): number =>
  (2 - 2 * correlation + (a * a + b * b - 2 * a * b * correlation ** 2) / 2) / bars;

describe('bootstrapSharpeDifference', () => {
  it('estimates the difference of the two Sharpe ratios, with ddof 1', () => {
    const { candidate, reference } = pair(500);
    near(bootstrap(candidate, reference).estimate, sharpe(candidate, 1) - sharpe(reference, 1), 1e-11);
  });

  it('agrees with the closed form for independent normal returns: standard error, bounds and p value', () => {
    const { candidate, reference } = pairedReturns(createRandom(2, 'returns'), {
      bars: 20_000,
      correlation: 0.8,
      candidate: 0.3,
      reference: 0.29,
    });
    const { estimate, standardError, lower, upper, pValue } = bootstrap(candidate, reference, 1, { replicates: 4_000, confidence: 0.95 });
    const expected = Math.sqrt(closedForm(0.3, 0.29, 0.8, 20_000));
    near(standardError, expected, 0.04);
    near(estimate - lower, 1.645 * expected, 0.06);
    near(upper - estimate, 1.645 * expected, 0.06);
    assert.ok(pValue > 0.0002 && pValue < 0.6);
  });

  it('is antisymmetric: exchanging the series turns the estimate and both bounds round', () => {
    const { candidate, reference } = pair(300);
    const [there, back] = [bootstrap(candidate, reference), bootstrap(reference, candidate)];
    near(back.estimate, -there.estimate);
    near(back.lower, -there.upper);
    near(back.upper, -there.lower);
  });

  it('does not depend on the scale of either series', () => {
    const { candidate, reference } = pair(300);
    const [plain, scaled] = [
      bootstrap(candidate, reference),
      bootstrap(
        candidate.map((value) => value * 1e-5),
        reference.map((value) => value * 3),
      ),
    ];
    near(scaled.lower, plain.lower);
    near(scaled.upper, plain.upper);
  });

  it('gives equal series a difference of zero and an interval that holds nothing else', () => {
    const { candidate } = pair(300);
    const { estimate, lower, upper, pValue } = bootstrap(candidate, candidate.slice());
    assert.deepEqual([estimate, lower, upper, pValue], [0, 0, 0, 1]);
  });

  it('measures against cash, whose Sharpe is zero and certain', () => {
    const { candidate } = pairedReturns(createRandom(3, 'returns'), { bars: 5_000, correlation: 0, candidate: 0.05, reference: 0 });
    const { estimate, standardError, lower } = bootstrap(candidate, new Float64Array(5_000), 1, { replicates: 2_000 });
    near(estimate, sharpe(candidate, 1), 1e-11);
    near(standardError, 1 / Math.sqrt(5_000), 0.05);
    near(lower, estimate - 1.2816 * standardError, 0.1);
  });

  it('has no answer for equal returns that are not zero, or for too few bars', () => {
    const constant = new Float64Array(300).fill(0.1);
    const zeros = new Float64Array(300);
    assert.equal(bootstrap(constant, zeros).estimate, Infinity);
    assert.equal(
      bootstrap(
        constant.map((value) => -value),
        zeros,
      ).estimate,
      -Infinity,
    );
    assert.ok(Number.isNaN(bootstrap(constant, constant).estimate));
    const few = bootstrap(pair(24).candidate, pair(24).reference);
    assert.ok(Number.isFinite(few.estimate) && Number.isNaN(few.lower) && Number.isNaN(few.upper));
    assert.ok(!Number.isFinite(bootstrap(new Float64Array(0), new Float64Array(0)).lower));
  });

  it('does not take three trades for proof', () => {
    const trades = new Map([[50, 0.05], [150, -0.04], [200, 0.03]]); // prettier-ignore
    const { estimate, lower } = bootstrap(
      Float64Array.from({ length: 300 }, (_, bar) => trades.get(bar) ?? 0),
      new Float64Array(300),
    );
    assert.ok(estimate > 0 && !(lower > 0));
  });

  it('gives the same bits from the same seed and others from another', () => {
    const { candidate, reference } = pair(300);
    assert.deepEqual(bootstrap(candidate, reference, 7), bootstrap(candidate, reference, 7));
    assert.notEqual(bootstrap(candidate, reference, 7).lower, bootstrap(candidate, reference, 8).lower);
  });

  it('takes blocks of the cube root of the bars, and no fewer than five bars', () => {
    assert.deepEqual([10, 252, 1_000, 100_000].map(defaultBlockLength), [5, 6, 10, 46]);
  });

  it('refuses series of different length, and options out of range', () => {
    const { candidate, reference } = pair(50);
    assert.throws(() => bootstrap(candidate, reference.slice(1)), /50 and 49 bars: expected the same bars/);
    assert.throws(() => bootstrap(candidate, reference, 1, { confidence: 0.5 }), /confidence 0.5 is not valid/);
    assert.throws(() => bootstrap(candidate, reference, 1, { replicates: 10 }), /10 replicates are not enough/);
    assert.throws(() => bootstrap(candidate, reference, 1, { blockLength: 0 }), /block length 0 is not valid/);
  });

  for (const [kind, persistence, blockLength] of [
    ['independent', 0, 6],
    ['autocorrelated', 0.3, 10],
  ] as const)
    it(`keeps its promise on ${kind} returns: each bound at 90 % is passed by chance in 10 % of samples`, () => {
      const random = createRandom(5, kind);
      const samples = 600;
      let [above, below] = [0, 0];
      for (let sample = 0; sample < samples; sample++) {
        const { candidate, reference } = pairedReturns(random, {
          bars: 252,
          correlation: 0.9,
          candidate: 0.1,
          reference: 0.05,
          persistence,
        });
        const { lower, upper } = bootstrapSharpeDifference({ candidate, reference, replicates: 300, confidence: 0.9, random, blockLength });
        if (lower > 0.05) above++;
        if (upper < 0.05) below++;
      }
      const slack = 3 * Math.sqrt((0.1 * 0.9) / samples);
      for (const share of [above / samples, below / samples])
        assert.ok(Math.abs(share - 0.1) < slack, `${share} of samples instead of 0.1 ± ${slack}`);
    });
});
