import { parse } from 'csv-parse/sync';
import type { Experience } from '../../domain/experience/experience.js';
import type { Instrument } from '../../domain/market/instrument.js';
import type { Culture } from '../../domain/nt8/culture.js';
import { EXECUTIONS_COLUMNS, readExecutions } from '../../domain/nt8/executions-grid.js';
import type { GridProblem, GridRow, ReadGrid } from '../../domain/nt8/grid.js';
import { readTrades, TRADES_COLUMNS } from '../../domain/nt8/trades-grid.js';
import type { WriteOutcome } from '../../registry/experiences/write-experiences.js';
import { FieldRefused } from './complete-experience.js';
import { roundTripExperience, roundTripKey } from './round-trip-experience.js';
import { conflict } from './take-bulk.js';

/** Every kind of grid, by the columns that it is known by. */
const grids: readonly { readonly columns: readonly string[]; readonly read: ReadGrid }[] = [
  { columns: TRADES_COLUMNS, read: readTrades },
  { columns: EXECUTIONS_COLUMNS, read: readExecutions },
];

export interface GridOptions {
  /** Content of the exported file. */
  readonly text: string;
  readonly culture: Culture;
  readonly timeZone: string;
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly write: (experiences: readonly Experience[]) => Promise<WriteOutcome>;
}

export interface GridOutcome {
  readonly stored: number;
  /** Stored before, with the same content. */
  readonly known: number;
  readonly refused: number;
  /** Positions that the grid opens and does not close. */
  readonly open: number;
  readonly problems: readonly GridProblem[];
}

/** Experiences of one statement. */
const BATCH = 1_000;

/** Stores the round trips of an exported grid. A row that cannot be used is told and keeps no other back. Throws `FieldRefused` for a file that is no grid. */
export const takeGrid = async ({ text, culture, timeZone, instruments, write }: GridOptions): Promise<GridOutcome> => {
  const { rows, read, problems: broken } = openGrid(text);
  const { roundTrips, problems: unread, open } = read(rows, culture);
  const problems = [...broken, ...unread];
  const found: { readonly row: GridRow; readonly experience: Experience }[] = [];
  const seen = new Map<string, number>();
  for (const trip of roundTrips) {
    const key = roundTripKey(trip);
    const occurrence = seen.get(key) ?? 0;
    seen.set(key, occurrence + 1);
    try {
      found.push({ row: trip.row, experience: roundTripExperience(trip, { instruments, timeZone, occurrence }) });
    } catch (error) {
      if (!(error instanceof FieldRefused)) throw error;
      problems.push({ line: trip.row.line, detail: error.message, text: trip.row.text });
    }
  }
  let [stored, known] = [0, 0];
  for (let from = 0; from < found.length; from += BATCH) {
    const batch = found.slice(from, from + BATCH);
    const outcome = await write(batch.map(({ experience }) => experience));
    stored += outcome.stored;
    known += outcome.known;
    for (const at of outcome.conflicts) {
      const { row, experience } = batch[at] ?? {};
      if (row !== undefined && experience !== undefined)
        problems.push({ line: row.line, detail: conflict(experience.id).detail, text: row.text });
    }
  }
  return { stored, known, refused: problems.length, open, problems: problems.sort((a, b) => a.line - b.line) };
};

/** The rows of a grid and what reads them; cells never span lines. Throws `FieldRefused`. */
const openGrid = (text: string): { rows: GridRow[]; read: ReadGrid; problems: GridProblem[] } => {
  const [heading = '', ...lines] = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const delimiter = [';', '\t', ','].find((mark) => heading.includes(mark)) ?? ',';
  const columns = withoutEnd(splitLine(heading, delimiter).map((name) => name.trim()));
  const grid = grids.find((one) => one.columns.every((column) => columns.includes(column)));
  if (grid === undefined)
    throw new FieldRefused(
      'file',
      `is no grid of NinjaTrader 8: its columns are ${columns.join(', ').slice(0, 300)}; expected those of trades (${TRADES_COLUMNS.join(', ')}) or of executions (${EXECUTIONS_COLUMNS.join(', ')})`,
    );
  const rows: GridRow[] = [];
  const problems: GridProblem[] = [];
  lines.forEach((line, at) => {
    if (line.trim() === '') return;
    const all = splitLine(line, delimiter);
    const cells = all.length > columns.length ? withoutEnd(all) : all;
    const row = { line: at + 2, text: line };
    if (cells.length === columns.length) rows.push({ ...row, cells: Object.fromEntries(columns.map((name, i) => [name, cells[i] ?? ''])) });
    else problems.push({ ...row, detail: `has ${cells.length} cells: expected ${columns.length}` });
  });
  return { rows, read: grid.read, problems };
};

const splitLine = (line: string, delimiter: string): string[] =>
  parse(line, { delimiter, relax_quotes: true, relax_column_count: true })[0] ?? [];

/** Grids end their lines with the separator, after which there is an empty cell; not all programs that write them again keep it. */
const withoutEnd = (cells: readonly string[]): readonly string[] => (cells.at(-1)?.trim() === '' ? cells.slice(0, -1) : cells);
