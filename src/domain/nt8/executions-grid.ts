import { cellsOf, UnusableCell, type GridProblem, type GridRow, type ReadGrid, type RoundTrip } from './grid.js';

/** Columns that make a grid one of executions. */
export const EXECUTIONS_COLUMNS = ['Instrument', 'Action', 'Quantity', 'Price', 'Time', 'ID', 'E/X'] as const;

const SIDES = { buy: 1, buytocover: 1, sell: -1, sellshort: -1 } as const;
const ROLES = { entry: 'entry', exit: 'exit' } as const;

interface Execution {
  readonly row: GridRow;
  readonly id: string;
  readonly contract: string;
  readonly account: string;
  readonly side: 1 | -1;
  readonly role: 'entry' | 'exit';
  readonly quantity: number;
  readonly price: number;
  readonly time: string;
  /** Currency per contract. */
  readonly costs: number;
}

/** What is left of an execution that opened a position. */
interface Lot {
  readonly execution: Execution;
  left: number;
}

/**
 * Reads the grid of executions and matches what closes a position with what opened it, first in, first out, by account and contract. An execution of
 * the same id again is the same one. What closes a position that the grid does not open is a problem of its row.
 */
export const readExecutions: ReadGrid = (rows, culture) => {
  const problems: GridProblem[] = [];
  const executions = new Map<string, Execution>();
  for (const row of rows) {
    const cells = cellsOf(row, culture);
    try {
      const [account, quantity] = [row.cells.Account?.trim() ?? '', cells.positive('Quantity')];
      const execution: Execution = {
        row,
        id: cells.text('ID'),
        contract: cells.text('Instrument'),
        account,
        side: cells.oneOf('Action', SIDES),
        role: cells.oneOf('E/X', ROLES),
        quantity,
        price: cells.positive('Price'),
        time: cells.time('Time'),
        costs: cells.money(['Commission']) / quantity,
      };
      executions.set(`${account} ${execution.id}`, execution);
    } catch (error) {
      if (!(error instanceof UnusableCell)) throw error;
      problems.push({ line: row.line, detail: error.message, text: row.text });
    }
  }
  const open = new Map<string, Lot[]>();
  const roundTrips: RoundTrip[] = [];
  for (const execution of inOrder([...executions.values()])) {
    const place = `${execution.account} ${execution.contract}`;
    const lots = open.get(place) ?? [];
    open.set(place, lots);
    const left = close(lots, execution, roundTrips);
    if (left === 0) continue;
    if (execution.role === 'entry') lots.push({ execution, left });
    else
      problems.push({
        line: execution.row.line,
        detail: `closes ${left} that were opened before this grid begins: export it from an earlier day on`,
        text: execution.row.text,
      });
  }
  return { roundTrips, problems, open: [...open.values()].flat().length };
};

/** Oldest first; those of one second as the grid has them, which shows the newest first or last. */
const inOrder = (executions: readonly Execution[]): Execution[] => {
  const isNewestFirst = (executions[0]?.time ?? '') > (executions.at(-1)?.time ?? '');
  return (isNewestFirst ? executions.toReversed() : [...executions]).sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
};

/** Takes what an execution closes from the lots of the other side, oldest first, and gives what is left of it. */
const close = (lots: Lot[], exit: Execution, roundTrips: RoundTrip[]): number => {
  let left = exit.quantity;
  for (let lot = lots[0]; lot !== undefined && left > 0 && lot.execution.side !== exit.side; lot = lots[0]) {
    const quantity = Math.min(left, lot.left);
    const { execution: entry } = lot;
    roundTrips.push({
      row: exit.row,
      contract: exit.contract,
      account: exit.account,
      side: entry.side,
      quantity,
      entryPrice: entry.price,
      exitPrice: exit.price,
      entryTime: entry.time,
      exitTime: exit.time,
      costs: (entry.costs + exit.costs) * quantity,
      profit: null,
    });
    left -= quantity;
    lot.left -= quantity;
    if (lot.left === 0) lots.shift();
  }
  return left;
};
