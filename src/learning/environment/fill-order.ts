import type { BarSeries } from '../../domain/market/bars.js';
import type { Costs } from '../../domain/costs.js';
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

/** One execution, written in place so that a step allocates nothing. Costs are in currency. */
export interface Fill extends Writable<Costs> {
  /** Signed units; 0 when nothing traded. */
  units: number;
  /** Price paid or received, spread and slippage included. */
  price: number;
  /** Price before spread and slippage, against which gross profit is measured. */
  reference: number;
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

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

/** A fill of nothing, to be written into. */
export const emptyFill = (): Fill => ({ units: 0, price: 0, reference: 0, fee: 0, spread: 0, slippage: 0, impact: 0 });

/** Writes that nothing traded. */
export const fillNothing = (fill: Fill): void => {
  fill.units = 0;
  fill.price = 0;
  fill.reference = 0;
  fill.fee = 0;
  fill.spread = 0;
  fill.slippage = 0;
  fill.impact = 0;
};

/**
 * A limit order that lives for one bar. It takes liquidity at the open when the limit reaches the quote there, half a spread beyond the open:
 * the half-spread is paid whole, slippage and impact as far as the limit allows. Else it rests and fills at the limit, at the fee alone, if
 * the bar trades *through* the limit; a bar that only touches it leaves the order unfilled, as the queue ahead is unknown. So no order takes
 * liquidity at the open for nothing.
 */
export const fillLimit = (model: ExecutionModel, units: number, limit: number, bar: BarSeries, index: number, fill: Fill): void => {
  const side = units > 0 ? 1 : -1;
  const open = bar.open[index]!;
  const room = side * (limit - open);
  const extreme = units > 0 ? bar.low[index]! : bar.high[index]!;
  if (room >= model.halfSpread - model.tolerance) take(model, units, open, bar.volume[index]!, room, fill);
  else if (side * (limit - extreme) > model.tolerance) write(model, units, limit, 0, 0, 0, fill);
  else fillNothing(fill);
};

/** An order without a limit, taking liquidity at `price` out of a bar's `volume`. */
export const fillMarket = (model: ExecutionModel, units: number, price: number, volume: number, fill: Fill): void =>
  take(model, units, price, volume, Infinity, fill);

/** Commission in currency for signed units at `price`. */
export const commission = (model: ExecutionModel, units: number, price: number): number =>
  Math.abs(units) * (model.feeRate * Math.abs(price) * model.multiplier + model.feePerUnit);

const take = (model: ExecutionModel, units: number, price: number, volume: number, room: number, fill: Fill): void => {
  const size = Math.abs(price);
  const share = volume > Math.abs(units) ? Math.abs(units) / volume : 1;
  const spread = model.halfSpread;
  const slippage = Math.min(model.slippageRate * size, Math.max(0, room - spread));
  // Square-root law of impact: Almgren, Thum, Hauptmann and Li 2005 and after.
  const impact = model.impactRate === 0 ? 0 : Math.min(model.impactRate * size * Math.sqrt(share), Math.max(0, room - spread - slippage));
  write(model, units, price, spread, slippage, impact, fill);
};

const write = (
  model: ExecutionModel,
  units: number,
  reference: number,
  spread: number,
  slippage: number,
  impact: number,
  fill: Fill,
): void => {
  const size = Math.abs(units);
  const worse = spread + slippage + impact;
  const price = units > 0 ? reference + worse : reference - worse;
  fill.units = units;
  fill.price = price;
  fill.reference = reference;
  fill.fee = commission(model, units, price);
  fill.spread = spread * size * model.multiplier;
  fill.slippage = slippage * size * model.multiplier;
  fill.impact = impact * size * model.multiplier;
};
