import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawdowns } from '../../../src/evaluation/metrics/drawdown.js';
import { payoff } from '../../../src/evaluation/metrics/gains.js';
import { moments } from '../../../src/evaluation/metrics/moments.js';
import {
  deflatedSharpe,
  expectedMaximumSharpe,
  minimumTrackRecord,
  probabilisticSharpe,
  sharpeSample,
} from '../../../src/evaluation/metrics/probabilistic-sharpe.js';
import { returnMetrics } from '../../../src/evaluation/metrics/table.js';
import type { ReturnMetricName } from '../../../src/evaluation/metrics/table.js';
import { tradeStatistics } from '../../../src/evaluation/metrics/trade-statistics.js';
import { near } from '../../support/near.js';
import { sharedFolder } from '../../support/shared.js';

const shared = sharedFolder() ?? '';
const column = (file: string, separator: string, index: number): Float64Array =>
  Float64Array.from(
    readFileSync(join(shared, 'data', file), 'utf8')
      .split('\n')
      .filter((line) => /^\d/.test(line))
      .map((line) => Number(line.split(separator)[index])),
  );
const changes = (prices: Float64Array): Float64Array => prices.slice(1).map((price, i) => price / prices[i]! - 1);
const bitcoin = (): Float64Array => column('crypto/BTC_USDT-5m.csv', ',', 4);

type Numbers = Readonly<Record<string, number>>;
interface Oracle {
  readonly btc_daily_series: { readonly ret: readonly number[] };
  readonly deflated_sharpe: { readonly trial_sr_per_bar_ddof1: Numbers } & Numbers;
  readonly trades: { readonly first: readonly (readonly number[])[] } & Numbers;
}
interface SeriesOracle {
  readonly psr_0: Numbers;
}
const read = (): unknown => JSON.parse(readFileSync(join(shared, 'oracle', 'metrics.json'), 'utf8'));
const oracle = (): Oracle => read() as Oracle;
const seriesOracle = (name: string): SeriesOracle & Numbers => (read() as Record<string, SeriesOracle & Numbers>)[name]!;

/** Metric, the oracle's name for it, and its sign there. */
const names: readonly (readonly [ReturnMetricName, string, number])[] = [
  ['totalReturn', 'total_return', 1],
  ['annualReturn', 'cagr', 1],
  ['annualVolatility', 'ann_vol_ddof1', 1],
  ['sharpe', 'sharpe_ddof1', 1],
  ['sortino', 'sortino_mar0', 1],
  ['calmar', 'calmar', 1],
  ['maxDrawdown', 'max_drawdown', -1],
  ['ulcer', 'ulcer_index', 1],
  ['longestUnderwater', 'longest_underwater_bars', 1],
  ['winRate', 'win_rate_nonzero', 1],
  ['profitFactor', 'profit_factor', 1],
  ['valueAtRisk', 'var95_hist_linear', 1],
  ['conditionalValueAtRisk', 'cvar95_hist', 1],
  ['tailRatio', 'tail_ratio', 1],
  ['skewness', 'skew_biased', 1],
];

const series = {
  btc_daily_utc: () => Float64Array.from(oracle().btc_daily_series.ret),
  btc_daily_utc_252: () => Float64Array.from(oracle().btc_daily_series.ret),
  btc_5m: () => changes(bitcoin()),
  mnq_1m: () => changes(column('nt8/MNQ 03-22.Last.txt', ';', 4)),
};

/** Signs of a moving-average crossover at each bar: 1, -1, or the one before where both averages are equal; 0 before there are any. */
const crossover = (prices: Float64Array, short: number, long: number): Int8Array => {
  const sum = new Float64Array(prices.length + 1);
  prices.forEach((price, i) => (sum[i + 1] = sum[i]! + price));
  const average = (at: number, bars: number): number => (sum[at + 1]! - sum[at + 1 - bars]!) / bars;
  const side = new Int8Array(prices.length);
  for (let i = long - 1; i < prices.length; i++) side[i] = Math.sign(average(i, short) - average(i, long)) || side[i - 1]!;
  return side;
};

describe('metrics against values computed by numpy, scipy, empyrical and quantstats', function () {
  before(function () {
    if (sharedFolder() === null) this.skip(); // the folder of expected values is not beside this clone
  });

  for (const [name, returns] of Object.entries(series))
    it(`are equal on ${name} to nine digits`, () => {
      const expected = seriesOracle(name);
      const values = returns();
      assert.equal(values.length, expected.n);
      const context = { periodsPerYear: expected.ann!, growth: 'compound' } as const;
      for (const [metric, theirs, sign] of names) near(returnMetrics[metric](values, context), sign * expected[theirs]!, 1e-9, metric);
      near(returnMetrics.kurtosis(values), expected.kurtosis_excess_biased! + 3);
      near(payoff(values), expected.payoff!);
      const { peakIndex, troughIndex } = drawdowns(values, 'compound');
      assert.deepEqual([peakIndex + 1, troughIndex + 1], [expected.peak_index, expected.trough_index]); // theirs count the start as 0
      near(returnMetrics.probabilisticSharpe(values), expected.psr_0.psr!);
    });

  it('deflate the best of sixteen real trials as expected', () => {
    const expected = oracle().deflated_sharpe;
    const trials = Float64Array.from(Object.values(expected.trial_sr_per_bar_ddof1));
    const { variance } = moments(trials);
    near(variance, expected.var_trials_ddof1!);
    near(expectedMaximumSharpe(variance, 16), expected.expected_max_sr_SR0!);
    near(expectedMaximumSharpe(variance, 100), expected.SR0_if_N_100!);
    const prices = bitcoin();
    const side = crossover(prices, 10, 100);
    const best = Float64Array.of(0, ...changes(prices).map((change, i) => change * side[i]!)); // the first bar has no change
    const sample = sharpeSample(moments(best));
    near(sample.sharpe, expected.trial_sr_per_bar_ddof1['10/100']!);
    near(probabilisticSharpe(sample, 0), expected.best_psr_vs_0!);
    near(deflatedSharpe(sample, variance, 16), expected.dsr!);
    near(deflatedSharpe(sample, variance, 100), expected.dsr_if_N_100_same_var!);
    near(minimumTrackRecord(sample, 0, 0.95), expected.min_track_record_length_95!);
  });

  it('describe the trades of a moving-average crossover as expected', () => {
    const expected = oracle().trades;
    const prices = bitcoin();
    const side = crossover(prices, 10, 100);
    const flips = [...side.keys()].filter((i) => side[i] !== 0 && side[i] !== side[i - 1]);
    const returns = Float64Array.from(flips.slice(1), (exit, i) => side[flips[i]!]! * (prices[exit]! / prices[flips[i]!]! - 1));
    assert.deepEqual(
      flips.slice(0, 50),
      expected.first.map(([entry]) => entry),
    );
    const found = tradeStatistics(returns);
    const pairs = [
      [found.count, 'n'],
      [found.winRate, 'win_rate'],
      [found.profitFactor, 'profit_factor'],
      [found.averageWin, 'avg_win'],
      [found.averageLoss, 'avg_loss'],
      [found.payoff, 'payoff'],
      [found.expectancy, 'expectancy'],
      [found.longestWins, 'max_consec_wins'],
      [found.longestLosses, 'max_consec_losses'],
      [found.systemQuality, 'sqn'],
      [found.kelly, 'kelly'],
    ] as const;
    for (const [value, name] of pairs) near(value, expected[name]!, 1e-9, name);
  });
});
