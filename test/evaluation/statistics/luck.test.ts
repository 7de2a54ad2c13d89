import assert from 'node:assert/strict';
import { measureLuck } from '../../../src/evaluation/statistics/luck.js';
import { moments } from '../../../src/evaluation/metrics/moments.js';
import { deflatedSharpe, minimumTrackRecord, probabilisticSharpe } from '../../../src/evaluation/metrics/probabilistic-sharpe.js';
import { createRandom } from '../../../src/learning/random.js';
import { near } from '../../support/near.js';

/** 1,200 returns with exactly this Sharpe ratio per bar. */
const returnsOf = (sharpe: number): Float64Array => {
  const random = createRandom(1, 'returns');
  const drawn = Float64Array.from({ length: 1_200 }, () => random.normal());
  const { mean, variance } = moments(drawn);
  return drawn.map((value) => (value - mean) / Math.sqrt(variance) + sharpe);
};
const ledger = (count: number): number[] => Array.from({ length: count }, (_, i) => i / 100);

describe('measureLuck', () => {
  it('is the probabilistic Sharpe ratio for a single trial', () => {
    const { dsr, inputs } = measureLuck(returnsOf(0.05), { count: 1, sharpes: [] }, 0.95);
    const { sharpe, skewness, kurtosis } = inputs;
    near(sharpe!, 0.05);
    assert.equal(inputs.expectedMaximum, 0);
    near(dsr!, probabilisticSharpe({ sharpe: sharpe!, skewness: skewness!, kurtosis: kurtosis!, count: 1_200 }, 0));
  });

  it('asks for more the more trials there were: a lower probability, more bars, at last more than there can be', () => {
    const found = [1, 5, 15, 100_000].map((count) => measureLuck(returnsOf(0.08), { count, sharpes: [] }, 0.95));
    const probabilities = found.map(({ dsr }) => dsr!);
    assert.deepEqual(
      probabilities,
      probabilities.toSorted((a, b) => b - a),
    );
    assert.ok(probabilities[0]! > 0.95 && probabilities[3]! < 0.5);
    const [one, five, fifteen, many] = found.map(({ barsNeeded }) => barsNeeded);
    assert.equal(one, 0);
    assert.equal(many, null);
    assert.ok(five! > 0 && fifteen! > five!);
  });

  it('would pass with the bars that it asks for, at the same Sharpe ratio and the same hurdle, and not with one fewer', () => {
    const { inputs, barsNeeded } = measureLuck(returnsOf(0.08), { count: 5, sharpes: [] }, 0.95);
    const sample = { sharpe: inputs.sharpe!, skewness: inputs.skewness!, kurtosis: inputs.kurtosis!, count: 1_200 + barsNeeded! };
    assert.ok(probabilisticSharpe(sample, inputs.expectedMaximum) >= 0.95);
    assert.ok(probabilisticSharpe({ ...sample, count: sample.count - 1 }, inputs.expectedMaximum) < 0.95);
    near(minimumTrackRecord(sample, inputs.expectedMaximum, 0.95), sample.count, 1e-3);
  });

  it('takes the dispersion of trials from the ledger once it holds ten of them, and from chance before', () => {
    near(measureLuck(returnsOf(0.08), { count: 9, sharpes: ledger(9) }, 0.95).inputs.trialVariance, 1 / 1_199);
    const { dsr, inputs } = measureLuck(returnsOf(0.08), { count: 10, sharpes: ledger(10) }, 0.95);
    near(inputs.trialVariance, 0.11 / 120); // n (n + 1) / 12 of the first n whole numbers, over 100²
    near(dsr!, deflatedSharpe({ sharpe: 0.08, skewness: inputs.skewness!, kurtosis: inputs.kurtosis!, count: 1_200 }, 0.11 / 120, 10));
  });

  it('has no probability for returns that do not vary', () => {
    const { dsr, inputs, barsNeeded } = measureLuck(new Float64Array(100), { count: 1, sharpes: [] }, 0.95);
    assert.deepEqual([dsr, inputs.sharpe, barsNeeded], [null, null, null]);
  });
});
