import { hold, pass, reject } from '../finding.js';
import type { GateRule } from '../types.js';
import { decimal, percent } from '../wording.js';

/**
 * Sharpe is better than production's by more than `minImprovement`, relative to production's size or to `sharpeFloor` where that is larger, so
 * that the ratio keeps its meaning at, near and below zero. With nothing in production, cash (Sharpe 0) is what it is measured against.
 */
export const improvement: GateRule = ({ candidate, production }, { minImprovement, sharpeFloor }) => {
  const incumbent = production === null ? 0 : production.sharpe;
  const against = production === null ? 'cash' : 'production';
  if (candidate.sharpe === null || incumbent === null) {
    const whose = candidate.sharpe === null ? "the candidate's" : "production's";
    return hold({ value: null, bound: minImprovement, reason: `Sharpe cannot be compared: ${whose} is not measurable on these returns.` });
  }
  const value = (candidate.sharpe - incumbent) / Math.max(Math.abs(incumbent), sharpeFloor);
  const reason = `Sharpe ${decimal(candidate.sharpe)} against ${decimal(incumbent)} of ${against} is an improvement of ${percent(value)}; more than ${percent(minImprovement)} is asked for.`;
  const measured = { value, bound: minImprovement, reason };
  if (value > minImprovement) return pass(measured);
  return value <= 0 ? reject(measured) : hold(measured);
};
