import type { Instrument } from '../../domain/market/instrument.js';

/** Cost of an order that takes liquidity at `price`, as a share of its notional. Throws `RangeError` where costs grow faster than size. */
export const costRate = (instrument: Instrument, price: number): number => {
  const { id, tickSize, multiplier, feeRate, feePerUnit, slippageBps, spreadTicks, impactBps = 0 } = instrument;
  if (impactBps !== 0)
    throw new RangeError(`${id}: impact_bps ${impactBps} makes the best policy unknown: expected 0 for a simulated market`);
  return feeRate + feePerUnit / (price * multiplier) + ((spreadTicks / 2) * tickSize) / price + slippageBps / 10_000;
};
