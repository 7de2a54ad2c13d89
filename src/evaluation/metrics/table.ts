import { maxDrawdown, calmar, drawdowns } from './drawdown.js';
import type { Growth } from './equity.js';
import { annualReturn, totalReturn } from './equity.js';
import { profitFactor, winRate } from './gains.js';
import { moments } from './moments.js';
import { probabilisticSharpe, sharpeSample } from './probabilistic-sharpe.js';
import { sharpe } from './sharpe.js';
import { sortino } from './sortino.js';
import { conditionalValueAtRisk, tailRatio, valueAtRisk } from './tail-risk.js';

interface MetricContext {
  readonly periodsPerYear: number;
  readonly growth: Growth;
}

/** A measure of a series of net returns per bar; not finite where it is not defined. */
export type ReturnMetric = (returns: Float64Array, context: MetricContext) => number;

/** Every measure of a return series that reports show. */
export const returnMetrics = {
  totalReturn: (returns, { growth }) => totalReturn(returns, growth),
  annualReturn: (returns, { periodsPerYear, growth }) => annualReturn(returns, periodsPerYear, growth),
  annualVolatility: (returns, { periodsPerYear }) => Math.sqrt(moments(returns).variance * periodsPerYear),
  sharpe: (returns, { periodsPerYear }) => sharpe(returns, periodsPerYear),
  sortino: (returns, { periodsPerYear }) => sortino(returns, periodsPerYear),
  calmar: (returns, { periodsPerYear, growth }) => calmar(returns, periodsPerYear, growth),
  maxDrawdown: (returns, { growth }) => maxDrawdown(returns, growth),
  ulcer: (returns, { growth }) => drawdowns(returns, growth).ulcer,
  longestUnderwater: (returns, { growth }) => drawdowns(returns, growth).longestUnderwater,
  winRate: (returns) => winRate(returns),
  profitFactor: (returns) => profitFactor(returns),
  valueAtRisk: (returns) => valueAtRisk(returns, 0.05),
  conditionalValueAtRisk: (returns) => conditionalValueAtRisk(returns, 0.05),
  tailRatio: (returns) => tailRatio(returns),
  skewness: (returns) => moments(returns).skewness,
  kurtosis: (returns) => moments(returns).kurtosis,
  probabilisticSharpe: (returns) => probabilisticSharpe(sharpeSample(moments(returns)), 0),
} as const satisfies Record<string, ReturnMetric>;

export type ReturnMetricName = keyof typeof returnMetrics;

/** All measures of a return series by name; null where one is not defined or not finite. */
export const measureReturns = (returns: Float64Array, context: MetricContext): Readonly<Record<string, number | null>> =>
  Object.fromEntries(
    Object.entries<ReturnMetric>(returnMetrics).map(([name, metric]) => {
      const value = metric(returns, context);
      return [name, Number.isFinite(value) ? value : null];
    }),
  );
