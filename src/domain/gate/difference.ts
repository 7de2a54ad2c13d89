import { barsToShowPositive } from './bars-needed.js';
import { hold, pass, reject } from './finding.js';
import { gateConfidence } from './profiles.js';
import type { GateSettings, PairedDifference, RuleFinding } from './types.js';
import { decimal, percent } from './wording.js';

/**
 * Judges a paired difference of Sharpe ratios by its one-sided bounds: passes when the lower one is above zero, rejects when the upper one is
 * below zero, and holds in between, when it could not be measured, or when its bounds were taken at less confidence than is asked for.
 */
export const judgeDifference = (difference: PairedDifference, against: string, bars: number, settings: GateSettings): RuleFinding => {
  const { estimate, lower, upper, confidence } = difference;
  const measured = (reason: string) => ({ value: lower, bound: 0, reason });
  if (estimate === null || lower === null || upper === null)
    return hold(measured(`The difference in Sharpe from ${against} cannot be measured on these returns.`));
  const asked = gateConfidence(settings);
  if (confidence < asked)
    return hold(measured(`The bounds were taken at ${percent(confidence)} confidence and ${percent(asked)} is asked for: evaluate again.`));
  const shown = `Sharpe differs from ${against} by ${decimal(estimate)}, with ${percent(confidence)} confidence${difference.everyLook === true ? ' at every look' : ''}`;
  if (lower > 0) return pass(measured(`${shown} by at least ${decimal(lower)}.`));
  if (upper < 0) return reject(measured(`${shown} by at most ${decimal(upper)}: shown worse.`));
  return hold(measured(`${shown} by at least ${decimal(lower)}, which does not exclude zero.`), barsToShowPositive(bars, estimate, lower));
};
