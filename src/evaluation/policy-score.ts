import type { PolicyScore } from '../domain/gate/types.js';
import type { Backtest } from './backtest/backtest-record.js';
import { turnover } from './metrics/activity.js';
import { maxDrawdown } from './metrics/drawdown.js';
import { totalReturn } from './metrics/equity.js';
import { profitFactor, winRate } from './metrics/gains.js';
import { sharpe } from './metrics/sharpe.js';

/** The number, or null where it is not finite: what crosses to JSON and to the gate. */
export const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** Annualised Sharpe of net returns; 0 for returns that are all zero, which is what staying in cash is worth. Not finite where it is not defined. */
export const sharpeOrCash = (returns: Float64Array, periodsPerYear: number): number =>
  returns.every((value) => value === 0) ? 0 : sharpe(returns, periodsPerYear);

/** The numbers of one policy that the gate compares. Win rate and profit factor are those of trades, after costs. */
export const policyScore = ({ returns, traded, trades }: Backtest, periodsPerYear: number): PolicyScore => {
  const results = Float64Array.from(trades, ({ net }) => net);
  return {
    sharpe: finiteOrNull(sharpeOrCash(returns, periodsPerYear)),
    totalReturn: totalReturn(returns, 'additive'),
    maxDrawdown: maxDrawdown(returns, 'additive'),
    trades: trades.length,
    turnover: turnover(traded),
    winRate: finiteOrNull(winRate(results)),
    profitFactor: finiteOrNull(profitFactor(results)),
  };
};

/** Share of the commonest joint action; 1, a collapsed policy, when nothing was decided. */
export const commonestActionShare = (actions: Int32Array): number => {
  const decided = actions.reduce((sum, count) => sum + count, 0);
  return decided === 0 ? 1 : Math.max(...actions) / decided;
};
