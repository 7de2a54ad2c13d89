import { optimalPolicy } from './optimal-policy.js';
import type { OptimalPolicy, OptimalTask } from './optimal-policy.js';
import { REGULAR_MINUTES } from './seasonality.js';

export const SESSIONS_PER_YEAR = 252;

/** Rounds after which the search for the best risk aversion ends, settled or not; it settles in two to five. */
const ROUNDS = 10;

/** The policy of the greatest Sharpe ratio among those that see the flow. */
export interface KnownOptimal {
  /** Expected annual Sharpe ratio over regular sessions, net of costs; 0 when nothing is worth its cost. */
  readonly sharpe: number;
  /** The policy for sessions of `minutes`. */
  policy(minutes: number): OptimalPolicy;
}

/**
 * Finds the policy of the greatest Sharpe ratio. Where mean / sqrt(variance) is greatest, no change of policy gains in
 * mean - (mean / variance) / 2 × variance: so risk aversion is set to mean / variance until it settles, and the best policy met is kept.
 */
export const knownOptimal = (task: OptimalTask): KnownOptimal => {
  let best = { riskAversion: 0, sharpe: 0 };
  let riskAversion = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const { mean, variance } = optimalPolicy(task, REGULAR_MINUTES, riskAversion);
    if (!(mean > 0)) break;
    const sharpe = Math.sqrt(SESSIONS_PER_YEAR / variance) * mean;
    if (sharpe > best.sharpe) best = { riskAversion, sharpe };
    if (Math.abs(mean / variance - riskAversion) < 1e-6 * riskAversion) break;
    riskAversion = mean / variance;
  }
  return { sharpe: best.sharpe, policy: (minutes) => optimalPolicy(task, minutes, best.riskAversion) };
};
