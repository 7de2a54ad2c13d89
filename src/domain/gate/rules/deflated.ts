import { hold, pass } from '../finding.js';
import type { GateRule } from '../types.js';
import { count, percent } from '../wording.js';

/** The deflated Sharpe ratio, the probability that this is not merely the luckiest of all trials, is at least `minDsr`. */
export const deflated: GateRule = ({ dsr, trials, barsNeeded }, { minDsr }) => {
  const reason = `Probability of skill after ${count(trials)} ${trials === 1 ? 'trial' : 'trials'} (deflated Sharpe) is ${percent(dsr)}; at least ${percent(minDsr)} is asked for.`;
  const measured = { value: dsr, bound: minDsr, reason };
  return dsr !== null && dsr >= minDsr ? pass(measured) : hold(measured, barsNeeded === 0 ? null : barsNeeded);
};
