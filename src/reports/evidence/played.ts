import type { Costs } from '../../domain/costs.js';

/** A position from flat to flat, or to the other side; money in currency. */
export interface PlayedTrade {
  /** Index into the sessions. */
  readonly session: number;
  readonly side: 1 | -1;
  readonly units: number;
  readonly entryBar: number;
  readonly exitBar: number;
  readonly entryPrice: number;
  readonly exitPrice: number;
  /** Profit after all costs. */
  readonly net: number;
}

/** What one policy did over the sessions of an evaluation. */
export interface Played {
  /** Net of all costs, as fractions of cash: by bar, sessions end to end, and summed by session. */
  readonly returns: Float64Array;
  readonly sessionReturns: Float64Array;
  /** In currency: gross - costs = net. */
  readonly gross: number;
  readonly costs: Costs;
  readonly net: number;
  readonly trades: readonly PlayedTrade[];
}
