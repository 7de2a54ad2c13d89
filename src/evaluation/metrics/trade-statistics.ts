import { payoff, profitFactor, winRate } from './gains.js';
import { moments } from './moments.js';

/** What the trades of a policy were like; `returns` of trades may be fractions or money, and averages are in the same unit. */
export interface TradeStatistics {
  readonly count: number;
  readonly winRate: number;
  readonly profitFactor: number;
  readonly averageWin: number;
  /** Negative. */
  readonly averageLoss: number;
  /** Average win over average loss. */
  readonly payoff: number;
  /** Mean result of a trade. */
  readonly expectancy: number;
  readonly longestWins: number;
  readonly longestLosses: number;
  /** Van Tharp's system quality number: sqrt(n) × mean / standard deviation (ddof 1). */
  readonly systemQuality: number;
  /** Kelly fraction of a binary bet with this win rate and payoff. */
  readonly kelly: number;
}

/** Statistics of closed trades in their order; ratios without a denominator are NaN or infinite. */
export const tradeStatistics = (returns: Float64Array): TradeStatistics => {
  const { count, mean, variance } = moments(returns);
  const wins = returns.filter((value) => value > 0);
  const losses = returns.filter((value) => value < 0);
  return {
    count,
    winRate: winRate(returns),
    profitFactor: profitFactor(returns),
    averageWin: moments(wins).mean,
    averageLoss: moments(losses).mean,
    payoff: payoff(returns),
    expectancy: mean,
    longestWins: longestRun(returns, (value) => value > 0),
    longestLosses: longestRun(returns, (value) => value < 0),
    systemQuality: (mean / Math.sqrt(variance)) * Math.sqrt(count),
    kelly: winRate(returns) - (1 - winRate(returns)) / payoff(returns),
  };
};

const longestRun = (returns: Float64Array, counts: (value: number) => boolean): number => {
  let run = 0;
  let longest = 0;
  for (const value of returns) {
    run = counts(value) ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
};
