import type { CostBreakdown } from '../../domain/gate/types.js';
import type { Backtest } from './backtest-record.js';

const BASIS_POINTS = 10_000;

/** Itemises a backtest's profit; the break-even cost is gross profit over notional traded: at these fills, costs of as much would leave nothing. */
export const costBreakdown = ({ cash, gross, costs, net, traded: shares }: Backtest): CostBreakdown => {
  const traded = cash * shares.reduce((sum, share) => sum + share, 0);
  const inBps = (money: number): number | null => (traded === 0 ? null : (BASIS_POINTS * money) / traded);
  return { gross, ...costs, net, traded, paidBps: inBps(gross - net), breakEvenBps: inBps(gross) };
};
