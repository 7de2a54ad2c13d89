import { cellsOf, UnusableCell, type GridProblem, type ReadGrid, type RoundTrip } from './grid.js';

/** Columns that make a grid one of trades. */
export const TRADES_COLUMNS = [
  'Instrument',
  'Market pos.',
  'Qty',
  'Entry price',
  'Exit price',
  'Entry time',
  'Exit time',
  'Profit',
] as const;

const COSTS = ['Commission', 'Clearing Fee', 'Exchange Fee', 'IP Fee', 'NFA Fee'] as const;
const SIDES = { long: 1, short: -1 } as const;

/** Reads the grid of trades, one round trip a row. */
export const readTrades: ReadGrid = (rows, culture) => {
  const roundTrips: RoundTrip[] = [];
  const problems: GridProblem[] = [];
  for (const row of rows) {
    const cells = cellsOf(row, culture);
    try {
      roundTrips.push({
        row,
        contract: cells.text('Instrument'),
        account: row.cells.Account?.trim() ?? '',
        side: cells.oneOf('Market pos.', SIDES),
        quantity: cells.positive('Qty'),
        entryPrice: cells.positive('Entry price'),
        exitPrice: cells.positive('Exit price'),
        entryTime: cells.time('Entry time'),
        exitTime: cells.time('Exit time'),
        costs: cells.money(COSTS),
        profit: cells.money(['Profit']),
      });
    } catch (error) {
      if (!(error instanceof UnusableCell)) throw error;
      problems.push({ line: row.line, detail: error.message, text: row.text });
    }
  }
  return { roundTrips, problems, open: 0 };
};
