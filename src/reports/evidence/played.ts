import type { Costs } from '../../domain/costs.js';
import type { Trade } from '../../domain/trade.js';

/** What one policy did over the sessions of an evaluation. */
export interface Played {
  /** Net of all costs, as fractions of cash: by bar, sessions end to end, and summed by session. */
  readonly returns: Float64Array;
  readonly sessionReturns: Float64Array;
  /** In currency: gross - costs = net. */
  readonly gross: number;
  readonly costs: Costs;
  readonly net: number;
  readonly trades: readonly Trade[];
}
