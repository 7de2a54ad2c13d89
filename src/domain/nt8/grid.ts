import type { Culture } from './culture.js';

/** A row of an exported grid by the names of its columns, with the line of the file that it ends on. */
export interface GridRow {
  readonly line: number;
  readonly text: string;
  readonly cells: Readonly<Record<string, string>>;
}

/** A row that cannot be used, and why. */
export interface GridProblem {
  readonly line: number;
  readonly detail: string;
  readonly text: string;
}

/** A position that was opened and closed again. Times are local, without a zone. */
export interface RoundTrip {
  /** The row that closed it. */
  readonly row: GridRow;
  /** As NinjaTrader names it: `ES 12-26`. */
  readonly contract: string;
  readonly account: string;
  readonly side: 1 | -1;
  /** Contracts, shares or units. */
  readonly quantity: number;
  readonly entryPrice: number;
  readonly exitPrice: number;
  readonly entryTime: string;
  readonly exitTime: string;
  /** Commission and fees, currency. */
  readonly costs: number;
  /** As the grid says it, with or without costs; null where it does not. */
  readonly profit: number | null;
}

export interface GridReading {
  readonly roundTrips: readonly RoundTrip[];
  readonly problems: readonly GridProblem[];
  /** Positions that are still open at the end of the grid. */
  readonly open: number;
}

/** Reads the rows of one kind of grid. */
export type ReadGrid = (rows: readonly GridRow[], culture: Culture) => GridReading;

/** A cell that is not what its column should hold; the message says which and what was expected. */
export class UnusableCell extends Error {
  override readonly name = 'UnusableCell';
}

/** Reads the cells of a row by the culture. Each throws `UnusableCell`. */
export const cellsOf = ({ cells }: GridRow, culture: Culture) => {
  const text = (column: string): string => {
    const value = cells[column]?.trim() ?? '';
    if (value === '') throw new UnusableCell(`${column} is empty`);
    return value;
  };
  const read = <Value>(column: string, parse: (written: string) => Value | null, expected: string): Value => {
    const value = parse(text(column));
    if (value === null) throw new UnusableCell(`${column} is ${JSON.stringify(cells[column])}: expected ${expected}`);
    return value;
  };
  const positive = (column: string): number =>
    read(column, (written) => whenPositive(culture.number(written)), 'a number above zero as this culture writes it');
  return {
    text,
    positive,
    time: (column: string): string => read(column, culture.time, 'a date and time as this culture writes them'),
    oneOf: <Value>(column: string, known: Readonly<Record<string, Value>>): Value =>
      read(column, (written) => known[written.replace(/\s/g, '').toLowerCase()] ?? null, `one of ${Object.keys(known).join(', ')}`),
    /** Sum of the columns that are there and not empty. */
    money: (columns: readonly string[]): number =>
      columns
        .filter((column) => (cells[column]?.trim() ?? '') !== '')
        .reduce((sum, column) => sum + read(column, culture.number, 'an amount of money as this culture writes it'), 0),
  };
};

const whenPositive = (value: number | null): number | null => (value !== null && value > 0 ? value : null);
