import { knownOptimal } from './known-optimal.js';
import type { OptimalTask } from './optimal-policy.js';

/** No drift gives the edge that was asked for. */
export class UnreachableEdge extends Error {
  override readonly name = 'UnreachableEdge';
  constructor(readonly edge: number) {
    super(`an edge of ${edge} cannot be simulated: expected an annual Sharpe ratio from 0 to what a drift of one deviation a minute gives`);
  }
}

/** Halvings of the range of drifts, [0, 1]: to a part in a billion. */
const HALVINGS = 30;

/**
 * The drift at which the known-optimal policy is expected to have an annual Sharpe ratio of `edge` net of costs; exactly 0 for an edge of 0.
 * Throws `UnreachableEdge`.
 */
export const calibrateDrift = (task: Omit<OptimalTask, 'drift'>, edge: number): number => {
  const sharpe = (drift: number): number => knownOptimal({ ...task, drift }).sharpe;
  if (edge === 0) return 0;
  if (!(edge > 0) || sharpe(1) < edge) throw new UnreachableEdge(edge);
  let low = 0;
  let high = 1;
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = (low + high) / 2;
    if (sharpe(middle) < edge) low = middle;
    else high = middle;
  }
  return high;
};
