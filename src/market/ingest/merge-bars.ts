import { join } from 'node:path';
import type { BarSeries } from '../../domain/market/bars.js';
import type { IngestReport } from '../../domain/market/ingest.js';
import { assignSessions } from '../assign-sessions.js';
import { readColumns } from '../bar-table.js';
import type { Calendar, Session } from '../calendar.js';
import { sqlText, withDuckDb } from '../duckdb.js';

export interface MergeOptions {
  readonly instrument: string;
  readonly calendar: Calendar;
  readonly barsFolder: string;
  /** Reports of the files to merge, in the order in which they were ingested. */
  readonly files: readonly Pick<IngestReport, 'sha256' | 'rows' | 'frequencyMs' | 'barsArtifact'>[];
  /** Length of the bars to keep; by default the one with the most bars. */
  readonly frequencyMs?: number;
}

export interface MergedBars {
  readonly bars: BarSeries;
  /** `bars.session` indexes these. */
  readonly sessions: readonly Session[];
  /** Bars replaced by one of a later file with the same close time. */
  readonly overlaps: number;
  /** Bars outside every session of the calendar, left out: the first 100 of their close times, and their number. */
  readonly closedSession: { readonly count: number; readonly closeTimes: readonly number[] };
  /** Files left out because their bars are of another length. */
  readonly otherFrequencies: readonly { readonly sha256: string; readonly frequencyMs: number }[];
}

/** There are no stored bars to make a series of. */
export class NoBars extends Error {
  override readonly name = 'NoBars';
}

/** Reads many ingested files as one series. Where two have a bar with the same close time, the later ingested one holds. Throws `NoBars`. */
export const mergeBars = async (options: MergeOptions): Promise<MergedBars> => {
  const { instrument, calendar, files } = options;
  const frequencyMs = options.frequencyMs ?? commonestFrequency(files);
  const used = lastOfEach(files.filter((file) => file.frequencyMs === frequencyMs));
  if (frequencyMs === null || used.length === 0) {
    throw new NoBars(
      `${instrument} has no bars${frequencyMs === null ? '' : ` of ${frequencyMs / 1_000} s`}: ${files.length} files ingested`,
    );
  }
  const columns = await readMerged(used.map(({ barsArtifact }) => join(options.barsFolder, barsArtifact)));
  const [openTime, closeTime, open, high, low, close, volume] = columns;
  if (!openTime || !closeTime || !open || !high || !low || !close || !volume)
    throw new RangeError(`expected 7 columns, got ${columns.length}`);
  const { session, sessions } = assignSessions(calendar, { openTime, closeTime });
  const outside = closeTime.filter((_, bar) => session[bar] === -1);
  const inside = (column: Float64Array): Float64Array => column.filter((_, bar) => session[bar] !== -1);
  return {
    bars: {
      instrument,
      frequencyMs,
      length: closeTime.length - outside.length,
      openTime: inside(openTime),
      closeTime: inside(closeTime),
      open: inside(open),
      high: inside(high),
      low: inside(low),
      close: inside(close),
      volume: inside(volume),
      session: session.filter((ordinal) => ordinal !== -1),
    },
    sessions,
    overlaps: used.reduce((sum, { rows }) => sum + rows, 0) - closeTime.length,
    closedSession: { count: outside.length, closeTimes: [...outside.subarray(0, 100)] },
    otherFrequencies: files
      .filter((file) => file.frequencyMs !== frequencyMs)
      .map((file) => ({ sha256: file.sha256, frequencyMs: file.frequencyMs })),
  };
};

/** A file ingested twice counts once, at its later place. */
const lastOfEach = <T extends { readonly sha256: string }>(files: readonly T[]): T[] =>
  files.filter((file, index) => files.findLastIndex(({ sha256 }) => sha256 === file.sha256) === index);

/** The bar length, in milliseconds, that most bars of the files have, the shorter of two; null without files. */
export const commonestFrequency = (files: readonly Pick<IngestReport, 'rows' | 'frequencyMs'>[]): number | null => {
  const bars = new Map<number, number>();
  for (const { frequencyMs, rows } of files) bars.set(frequencyMs, (bars.get(frequencyMs) ?? 0) + rows);
  const [first] = [...bars].sort(([a, barsA], [b, barsB]) => barsB - barsA || a - b);
  return first?.[0] ?? null;
};

const readMerged = async (paths: readonly string[]): Promise<Float64Array[]> =>
  withDuckDb(async (connection) => {
    const ranked = paths.map((path, rank) => `SELECT ${rank} AS rank, * FROM read_parquet(${sqlText(path)})`).join(' UNION ALL ');
    await connection.run(`CREATE TABLE merged AS SELECT * EXCLUDE (rank) FROM (${ranked})
      QUALIFY row_number() OVER (PARTITION BY close_time ORDER BY rank DESC) = 1 ORDER BY close_time`);
    const rows = Number((await connection.runAndReadAll('SELECT count(*) FROM merged')).getRowsJS()[0]?.[0]);
    const sql = 'SELECT open_time::DOUBLE, close_time::DOUBLE, open, high, low, close, volume FROM merged ORDER BY close_time';
    return readColumns(connection, sql, rows);
  });
