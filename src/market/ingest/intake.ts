import type { LineNote } from '../../domain/market/ingest.js';
import { impossibleBar } from './check-row.js';
import type { LineReader, Row } from '../formats/bar-format.js';
import { readText } from '../formats/fields.js';
import { MAX_LINE_BYTES } from './read-lines.js';

/** Columns of the table that lines are gathered in; `stamp` is as written, `mended` is 1 where the line needed a repair. */
export const INTAKE_COLUMNS = ['line', 'stamp', 'open', 'high', 'low', 'close', 'volume', 'mended'] as const;
/** Notes kept of each kind; further ones are only counted. */
export const NOTE_LIMIT = 1_000;
const BLOCK_ROWS = 16_384;

/** Turns lines into columns and keeps count of what became of each. */
export interface Intake {
  /** Takes one line; true when the block is full and must be taken before the next. */
  add(bytes: Uint8Array, from: number, to: number, line: number): boolean;
  /** The rows gathered since the last call; valid until the next `add`. */
  take(): { readonly columns: readonly Float64Array[]; readonly rows: number };
  readonly counts: IntakeCounts;
}

export interface IntakeCounts {
  /** Data lines. */
  lines: number;
  quarantined: number;
  readonly quarantine: LineNote[];
  readonly repairs: LineNote[];
  /** Each stamp is later than the one before. */
  ascending: boolean;
  /** How often two stamps in a row lay this many ms apart. */
  readonly distances: Map<number, number>;
}

/** An intake for the lines that `reader` understands. */
export const createIntake = (reader: LineReader): Intake => {
  const columns = INTAKE_COLUMNS.map(() => new Float64Array(BLOCK_ROWS));
  const counts: IntakeCounts = { lines: 0, quarantined: 0, quarantine: [], repairs: [], ascending: true, distances: new Map() };
  const row: Row = { time: 0, open: 0, high: 0, low: 0, close: 0, volume: 0, repair: null };
  let rows = 0;
  let latest = -Infinity;
  let previous = NaN;
  return {
    counts,
    add(bytes, from, to, line) {
      if (line <= reader.headerLines) return false;
      counts.lines++;
      const problem = problemOf(reader, bytes, from, to, row);
      if (problem !== null) {
        counts.quarantined++;
        note(counts.quarantine, line, problem, bytes, from, to);
        return false;
      }
      countDistance(counts.distances, Math.abs(row.time - previous));
      if (row.time < latest) row.repair = 'its stamp lies before that of an earlier line: sorted by time';
      if (row.time <= latest) counts.ascending = false;
      if (row.repair !== null) note(counts.repairs, line, row.repair, bytes, from, to);
      previous = row.time;
      latest = Math.max(latest, row.time);
      const values = [line, row.time, row.open, row.high, row.low, row.close, row.volume, row.repair === null ? 0 : 1];
      for (let c = 0; c < columns.length; c++) {
        const column = columns[c];
        if (column) column[rows] = values[c] ?? NaN;
      }
      return ++rows === BLOCK_ROWS;
    },
    take() {
      const taken = { columns, rows };
      rows = 0;
      return taken;
    },
  };
};

const problemOf = (reader: LineReader, bytes: Uint8Array, from: number, to: number, row: Row): string | null => {
  if (to === from) return 'blank line';
  if (to - from > MAX_LINE_BYTES) return `longer than ${MAX_LINE_BYTES} bytes`;
  return reader.parse(bytes, from, to, row) ?? impossibleBar(row);
};

const note = (notes: LineNote[], line: number, reason: string, bytes: Uint8Array, from: number, to: number): void => {
  if (notes.length < NOTE_LIMIT) notes.push({ line, reason, text: readText(bytes, from, to) });
};

const DISTANCE_LIMIT = 10_000;

const countDistance = (distances: Map<number, number>, distance: number): void => {
  if (!(distance > 0)) return;
  const seen = distances.get(distance) ?? 0;
  if (seen > 0 || distances.size < DISTANCE_LIMIT) distances.set(distance, seen + 1);
};
