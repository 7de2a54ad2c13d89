/** A position from flat to flat, or to the other side. Money is in currency. */
export interface Trade {
  /** Index into the sessions. */
  readonly session: number;
  readonly side: 1 | -1;
  /** Largest number of units held. */
  readonly units: number;
  readonly entryBar: number;
  readonly exitBar: number;
  /** Average price of what was opened and of what was closed, spread and slippage included. */
  readonly entryPrice: number;
  readonly exitPrice: number;
  /** Profit after all costs. */
  readonly net: number;
}
