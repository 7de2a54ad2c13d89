/** Money paid to trade, itemised; currency for one fill or summed over many. gross - fee - spread - slippage - impact = net. */
export interface Costs {
  readonly fee: number;
  readonly spread: number;
  readonly slippage: number;
  readonly impact: number;
}
