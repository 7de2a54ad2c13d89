import { judgeDifference } from '../difference.js';
import type { GateRule, Verdict } from '../types.js';

const gravity = { PROMOTE: 0, HOLD: 1, REJECT: 2 } as const satisfies Record<Verdict, number>;

/** The candidate is shown to be better than staying in cash and than buying and holding, each as the evidence rule has it; the worse of the two counts. */
export const baselines: GateRule = ({ baselines, bars }, settings) => {
  const cash = judgeDifference(baselines.cash.difference, 'cash', bars, settings);
  const buyAndHold = judgeDifference(baselines.buyAndHold.difference, 'buy-and-hold', bars, settings);
  const [worse, better] = gravity[buyAndHold.verdict] > gravity[cash.verdict] ? [buyAndHold, cash] : [cash, buyAndHold];
  return { ...worse, reason: `${worse.reason} ${better.reason}` };
};
