import type { Trade } from '../../domain/trade.js';

/** Makes trades out of fills. */
export interface TradeBook {
  readonly trades: Trade[];
  /** A fill of signed units in a lane, whose session and bar are given, with the commission paid for it. */
  fill(lane: number, session: number, bar: number, units: number, price: number, commission: number): void;
}

/** Units nearer to zero than this share of the fill are rounding of the lot size. */
const ROUNDING = 1e-9;

/**
 * A book of `lanes` sessions side by side. Adding to a position or taking some off continues the trade; a fill beyond flat closes one and opens
 * the next, its commission shared by units. The sum of the trades' profits is the sum of the bars'.
 */
export const createTradeBook = (lanes: number, multiplier: number): TradeBook => {
  const trades: Trade[] = [];
  const open = Array.from({ length: lanes }, emptyPosition);
  return {
    trades,
    fill(lane, session, bar, units, price, commission) {
      const position = open[lane]!;
      const closing = position.held * units < 0 ? Math.sign(units) * Math.min(Math.abs(units), Math.abs(position.held)) : 0;
      const opening = Math.abs(units - closing) <= ROUNDING * Math.abs(units) ? 0 : units - closing;
      if (closing !== 0) {
        take(position, closing, price, commission * (closing / units));
        if (Math.abs(position.held) <= ROUNDING * Math.abs(closing)) {
          trades.push(finished(position, session, bar, multiplier));
          empty(position);
        }
      }
      if (opening === 0) return;
      if (position.held === 0) position.entryBar = bar;
      take(position, opening, price, commission * (opening / units));
    },
  };
};

interface OpenPosition {
  held: number;
  largest: number;
  entryBar: number;
  bought: number;
  boughtValue: number;
  sold: number;
  soldValue: number;
  commission: number;
}

const emptyPosition = (): OpenPosition => ({
  held: 0,
  largest: 0,
  entryBar: 0,
  bought: 0,
  boughtValue: 0,
  sold: 0,
  soldValue: 0,
  commission: 0,
});

/** In place and field by field: this is in the innermost loop. */
const empty = (position: OpenPosition): void => {
  position.held = 0;
  position.largest = 0;
  position.entryBar = 0;
  position.bought = 0;
  position.boughtValue = 0;
  position.sold = 0;
  position.soldValue = 0;
  position.commission = 0;
};

const take = (position: OpenPosition, units: number, price: number, commission: number): void => {
  position.held += units;
  position.commission += commission;
  if (Math.abs(position.held) > Math.abs(position.largest)) position.largest = position.held;
  if (units > 0) {
    position.bought += units;
    position.boughtValue += units * price;
  } else {
    position.sold -= units;
    position.soldValue -= units * price;
  }
};

const finished = (position: OpenPosition, session: number, exitBar: number, multiplier: number): Trade => {
  const { largest, entryBar, bought, boughtValue, sold, soldValue, commission } = position;
  const buy = boughtValue / bought;
  const sell = soldValue / sold;
  return {
    session,
    side: largest > 0 ? 1 : -1,
    units: Math.abs(largest),
    entryBar,
    exitBar,
    entryPrice: largest > 0 ? buy : sell,
    exitPrice: largest > 0 ? sell : buy,
    net: (soldValue - boughtValue) * multiplier - commission,
  };
};
