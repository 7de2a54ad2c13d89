import type { BarSeries } from '../../domain/market/bars.js';
import type { Instrument } from '../../domain/market/instrument.js';

/** What turns an order into money. */
export interface ExecutionModel {
  /** Currency per point of price and unit. */
  readonly multiplier: number;
  /** Half the quoted spread, in price. */
  readonly halfSpread: number;
  /** Slippage of an order that takes liquidity, as a fraction of price. */
  readonly slippageRate: number;
  /** Price impact of taking the whole volume of a bar, as a fraction of price; it grows with the square root of the share taken. */
  readonly impactRate: number;
  readonly feeRate: number;
  readonly feePerUnit: number;
  /** Prices nearer than this are equal: far below a tick, far above rounding. */
  readonly tolerance: number;
}

/** Limit orders side by side, each for one bar. */
export interface LimitOrders {
  /** Signed units; 0 for no order. */
  readonly units: Float64Array;
  /** The worst price to trade at; infinite, on its side, for any price. */
  readonly limit: Float64Array;
  /** How the order meets its bar: `MISSES`, `RESTS` or `TAKES`. */
  readonly met: Uint8Array;
}

/** The order does not trade. */
const MISSES = 0;
/** The order waits, and the bar trades through its limit. */
const RESTS = 1;
/** The order takes liquidity at the open. */
const TAKES = 2;

/** Executions side by side, written in place so that a step allocates nothing. Costs are in currency. */
export interface Fills {
  /** Signed units; 0 when nothing traded. */
  readonly units: Float64Array;
  /** Price paid or received, spread and slippage included. */
  readonly price: Float64Array;
  /** Price before spread and slippage, against which gross profit is measured. */
  readonly reference: Float64Array;
  readonly fee: Float64Array;
  readonly spread: Float64Array;
  readonly slippage: Float64Array;
  readonly impact: Float64Array;
}

/** The execution model of an instrument, every cost multiplied by `costMultiplier` (stress tests use 2). */
export const executionModel = (instrument: Instrument, costMultiplier = 1): ExecutionModel => ({
  multiplier: instrument.multiplier,
  halfSpread: (instrument.spreadTicks / 2) * instrument.tickSize * costMultiplier,
  slippageRate: (instrument.slippageBps / 10_000) * costMultiplier,
  impactRate: ((instrument.impactBps ?? 0) / 10_000) * costMultiplier,
  feeRate: instrument.feeRate * costMultiplier,
  feePerUnit: instrument.feePerUnit * costMultiplier,
  tolerance: instrument.tickSize * 1e-6,
});

/** So many orders for nothing, to be written into. */
export const emptyOrders = (count: number): LimitOrders => ({
  units: new Float64Array(count),
  limit: new Float64Array(count),
  met: new Uint8Array(count),
});

/** So many fills of nothing, to be written into. */
export const emptyFills = (count: number): Fills => ({
  units: new Float64Array(count),
  price: new Float64Array(count),
  reference: new Float64Array(count),
  fee: new Float64Array(count),
  spread: new Float64Array(count),
  slippage: new Float64Array(count),
  impact: new Float64Array(count),
});

/** Writes at `at` that nothing traded. */
const fillNothing = (fills: Fills, at: number): void => {
  fills.units[at] = 0;
  fills.price[at] = 0;
  fills.reference[at] = 0;
  fills.fee[at] = 0;
  fills.spread[at] = 0;
  fills.slippage[at] = 0;
  fills.impact[at] = 0;
};

/** 1 of a buy, -1 of a sell. */
export const sideOf = (units: number): number => 2 * Number(units > 0) - 1;

/** Writes at `at` a limit order for the bar `index`, how it meets that bar, and that nothing of it has filled. */
export const placeLimit = (
  model: ExecutionModel,
  units: number,
  limit: number,
  bar: Pick<BarSeries, 'open' | 'high' | 'low'>,
  index: number,
  orders: LimitOrders,
  fills: Fills,
  at: number,
): void => {
  orders.units[at] = units;
  orders.limit[at] = limit;
  orders.met[at] = meetLimit(model, units, limit, bar, index);
  fillNothing(fills, at);
};

/**
 * Fills what trades of a limit order, in the bar it was placed for. One that takes liquidity pays the half-spread whole, slippage and impact as
 * far as the limit allows; one that rests fills at the limit, at the fee alone. So no order takes liquidity at the open for nothing.
 */
export const fillLimit = (
  model: ExecutionModel,
  orders: LimitOrders,
  bar: Pick<BarSeries, 'open' | 'volume'>,
  index: number,
  fills: Fills,
  at: number,
): void => {
  const met = orders.met[at]!;
  if (met === MISSES) return;
  const units = orders.units[at]!;
  const limit = orders.limit[at]!;
  const open = bar.open[index]!;
  const takes = met === TAKES;
  fill(model, units, takes ? open : limit, takes ? bar.volume[index]! : NO_VOLUME, sideOf(units) * (limit - open), fills, at);
};

/**
 * How a limit order meets the bar it lives for. It takes liquidity at the open when the limit reaches the quote there, half a spread beyond the
 * open. Else it rests, and trades if the bar trades *through* the limit; a bar that only touches it leaves the order unfilled, as the queue
 * ahead is unknown. In arithmetic without a branch: a processor foresees none of this, and waits long for each wrong guess.
 */
const meetLimit = (
  { halfSpread, tolerance }: ExecutionModel,
  units: number,
  limit: number,
  bar: Pick<BarSeries, 'open' | 'high' | 'low'>,
  index: number,
): number => {
  const buys = Number(units > 0);
  const sells = Number(units < 0);
  const reaches = Number((buys - sells) * (limit - bar.open[index]!) >= halfSpread - tolerance);
  const passed = (buys & Number(limit - bar.low[index]! > tolerance)) | (sells & Number(bar.high[index]! - limit > tolerance));
  const takes = (buys | sells) & reaches;
  return (-takes & TAKES) | (passed & ~takes & RESTS) | MISSES;
};

/** An order without a limit, taking liquidity at `price` out of a bar's `volume`. */
export const fillMarket = (model: ExecutionModel, units: number, price: number, volume: number, fills: Fills, at: number): void =>
  fill(model, units, price, volume, Infinity, fills, at);

/** Commission in currency for signed units at `price`. */
export const commission = (model: ExecutionModel, units: number, price: number): number =>
  Math.abs(units) * (model.feeRate * Math.abs(price) * model.multiplier + model.feePerUnit);

/** In the place of a volume: the order takes no liquidity. */
const NO_VOLUME = -1;

/** Writes a fill at `reference`; one that takes liquidity out of a bar's `volume` pays for it, at most `room` in price. */
const fill = (model: ExecutionModel, units: number, reference: number, volume: number, room: number, fills: Fills, at: number): void => {
  const size = Math.abs(units);
  let spread = 0;
  let slippage = 0;
  let impact = 0;
  if (volume !== NO_VOLUME) {
    const distance = Math.abs(reference);
    spread = model.halfSpread;
    slippage = Math.min(model.slippageRate * distance, Math.max(0, room - spread));
    // Square-root law of impact: Almgren, Thum, Hauptmann and Li 2005 and after.
    const share = volume > size ? size / volume : 1;
    impact = model.impactRate === 0 ? 0 : Math.min(model.impactRate * distance * Math.sqrt(share), Math.max(0, room - spread - slippage));
  }
  const price = reference + sideOf(units) * (spread + slippage + impact);
  fills.units[at] = units;
  fills.price[at] = price;
  fills.reference[at] = reference;
  fills.fee[at] = commission(model, units, price);
  fills.spread[at] = spread * size * model.multiplier;
  fills.slippage[at] = slippage * size * model.multiplier;
  fills.impact[at] = impact * size * model.multiplier;
};
