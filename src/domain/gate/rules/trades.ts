import { barsToCount } from '../bars-needed.js';
import { hold, pass } from '../finding.js';
import type { GateRule } from '../types.js';
import { count } from '../wording.js';

/** There are at least `minTrades` trades to judge by. */
export const trades: GateRule = ({ candidate, bars }, { minTrades }) => {
  const reason = `${count(candidate.trades)} trades; at least ${count(minTrades)} are asked for.`;
  const measured = { value: candidate.trades, bound: minTrades, reason };
  return candidate.trades >= minTrades ? pass(measured) : hold(measured, barsToCount(bars, candidate.trades, minTrades));
};
