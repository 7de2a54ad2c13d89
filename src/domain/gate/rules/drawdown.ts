import { pass, reject } from '../finding.js';
import type { GateRule } from '../types.js';
import { percent } from '../wording.js';

/**
 * The deepest fall of equity is not worse than production's by more than `maxDrawdownSlack`. With nothing in production the yardstick is
 * buy-and-hold: against cash, which never falls, no policy that trades could pass.
 */
export const drawdown: GateRule = ({ candidate, production, baselines }, { maxDrawdownSlack }) => {
  const yardstick = production ?? baselines.buyAndHold.score;
  const value = candidate.maxDrawdown - yardstick.maxDrawdown;
  const reason = `Drawdown of ${percent(candidate.maxDrawdown)} against ${percent(yardstick.maxDrawdown)} of ${production === null ? 'buy-and-hold' : 'production'}; at most ${percent(maxDrawdownSlack)} deeper is allowed.`;
  const measured = { value, bound: maxDrawdownSlack, reason };
  return value <= maxDrawdownSlack ? pass(measured) : reject(measured);
};
