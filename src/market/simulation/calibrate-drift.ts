import { optimalSharpe } from './known-optimal.js';
import type { OptimalTask } from './known-optimal.js';

/** No drift gives the edge that was asked for. */
export class UnreachableEdge extends Error {
  override readonly name = 'UnreachableEdge';
  constructor(readonly edge: number) {
    super(`an edge of ${edge} cannot be simulated: expected an annual Sharpe ratio from 0 to what a drift of one deviation a minute gives`);
  }
}

/**
 * The drift at which the policy that sees the flow is expected to have an annual Sharpe ratio of `edge` net of costs; exactly 0 for an edge of 0.
 * Throws `UnreachableEdge`.
 */
export const calibrateDrift = (task: Omit<OptimalTask, 'drift'>, edge: number): number => {
  const sharpe = (drift: number): number => optimalSharpe({ ...task, drift });
  if (edge === 0) return 0;
  if (!(edge > 0) || sharpe(1) < edge) throw new UnreachableEdge(edge);
  let low = 0;
  let high = 1;
  for (let halving = 0; halving < 50; halving++) {
    const middle = (low + high) / 2;
    if (sharpe(middle) < edge) low = middle;
    else high = middle;
  }
  return high;
};
