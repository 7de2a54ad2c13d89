import assert from 'node:assert/strict';
import { annualReturn, totalReturn } from '../../../src/evaluation/metrics/equity.js';
import { calmar, maxDrawdown } from '../../../src/evaluation/metrics/drawdown.js';
import { moments } from '../../../src/evaluation/metrics/moments.js';
import {
  deflatedSharpe,
  expectedMaximumSharpe,
  minimumTrackRecord,
  probabilisticSharpe,
} from '../../../src/evaluation/metrics/probabilistic-sharpe.js';
import { sharpe } from '../../../src/evaluation/metrics/sharpe.js';
import { sortino } from '../../../src/evaluation/metrics/sortino.js';
import { near } from '../../support/near.js';

const percent = (...values: number[]): Float64Array => Float64Array.from(values, (value) => value / 100);

// The numbers of empyrical's own tests (252 periods a year; its mixed series begins with a NaN, which it skips).
const mixed = percent(1, 10, -4, 2, 3, 2, 1, -10);
const negative = percent(0, -6, -7, -1, -9, -2, -6, -8, -5);
const positive = percent(1, 2, 1, 1, 1, 1, 1, 1, 1);
const weekly = percent(0, 1, 10, -4, 2, 3, 2, 1, -10);

describe('metrics', () => {
  it("equal empyrical's published values", () => {
    near(sharpe(mixed, 252), 1.7238613961706866);
    near(sortino(mixed, 252), 2.605531251673693);
    near(maxDrawdown(mixed, 'compound'), 0.1);
    near(totalReturn(mixed, 'compound'), 0.03893, 1e-4);
    near(annualReturn(weekly, 252, 'compound'), 1.9135925373194231); // the skipped NaN counts as a period
    near(Math.sqrt(moments(mixed).variance * 252), 0.9136465399704637);
    near(sharpe(negative, 252), -24.406808633910085);
    near(sortino(negative, 252), -13.532743075043401);
    near(maxDrawdown(negative, 'compound'), 0.365907303498736);
    near(sharpe(positive, 252), 52.915026221291804);
    near(Math.sqrt(moments(weekly).variance * 52), 0.38851569394870583);
    near(calmar(weekly, 52, 'compound'), 2.4690830513998208);
    assert.equal(sortino(positive, 252), Infinity);
    assert.equal(maxDrawdown(positive, 'compound'), 0);
  });

  it('equal the published vectors of the probabilistic and the deflated Sharpe ratio', () => {
    const sample = { sharpe: 0.1, count: 252, skewness: -0.5, kurtosis: 5 };
    near(probabilisticSharpe(sample, 0), 0.938074192, 1e-8);
    near(probabilisticSharpe({ ...sample, skewness: 0, kurtosis: 3 }, 0), 0.942986861, 1e-8);
    near(deflatedSharpe(sample, 1 / 251, 100), 0.179013107, 1e-8);
    near(minimumTrackRecord(sample, 0, 0.95), 287.787606, 1e-8);
    const hedgeFund = { sharpe: 0.458, count: 24, skewness: -2.448, kurtosis: 10.164 };
    near(probabilisticSharpe(hedgeFund, 0), 0.9134, 1e-4);
    near(probabilisticSharpe({ ...hedgeFund, skewness: 0, kurtosis: 3 }, 0), 0.9817, 1e-4);
    near(minimumTrackRecord(hedgeFund, 0, 0.95), 34.56, 1e-3);
    near(minimumTrackRecord({ ...hedgeFund, skewness: 0, kurtosis: 3 }, 0, 0.95), 15.25, 1e-3);
    const strategy = { sharpe: 2.5 / Math.sqrt(250), count: 1250, skewness: -3, kurtosis: 10 };
    near(expectedMaximumSharpe(0.5 / 250, 100), 0.11317, 1e-4);
    near(deflatedSharpe(strategy, 0.5 / 250, 100), 0.9003968344493903);
    near(deflatedSharpe(strategy, 0.5 / 250, 46), 0.9505, 1e-4);
    near(deflatedSharpe({ ...strategy, skewness: 0, kurtosis: 3 }, 0.5 / 250, 88), 0.9505, 1e-4);
  });

  it('expect the known largest of N unit-variance trials, and zero of a single one', () => {
    const known = { 10: 1.574598301, 45: 2.235640178, 100: 2.530602893, 200: 2.765523905, 1000: 3.255121514 };
    for (const [trials, expected] of Object.entries(known)) near(expectedMaximumSharpe(1, Number(trials)), expected, 1e-9);
    assert.equal(expectedMaximumSharpe(1, 1), 0);
    assert.throws(() => expectedMaximumSharpe(1, 0), /number of trials 0 is not valid/);
  });

  it('never reach a minimum track record when the Sharpe ratio is not above the benchmark', () => {
    assert.equal(minimumTrackRecord({ sharpe: 0.1, count: 252, skewness: 0, kurtosis: 3 }, 0.1, 0.95), Infinity);
  });

  it('are NaN for returns that do not vary around zero and infinite for equal gains, also when summing them leaves rounding', () => {
    assert.ok(Number.isNaN(sharpe(new Float64Array(100), 252)));
    assert.equal(sharpe(new Float64Array(1_000).fill(0.1), 252), Infinity);
    assert.equal(sharpe(new Float64Array(1_000).fill(-0.1), 252), -Infinity);
    assert.ok(Number.isNaN(sharpe(new Float64Array(1).fill(0.1), 252)));
  });

  it('add returns on fixed capital where they compound otherwise', () => {
    const returns = percent(10, -20, 5);
    near(totalReturn(returns, 'additive'), -0.05);
    near(maxDrawdown(returns, 'additive'), 0.2);
    near(maxDrawdown(returns, 'compound'), 0.2);
    near(maxDrawdown(percent(-10, 5, -10), 'additive'), 0.15);
    near(maxDrawdown(percent(-10, 5, -10), 'compound'), 1 - 0.9 * 1.05 * 0.9);
    near(annualReturn(returns, 252, 'additive'), (-0.05 / 3) * 252);
  });
});
