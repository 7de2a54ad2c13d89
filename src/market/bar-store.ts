import { createHash, randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import type { BarSeries } from '../domain/market/bars.js';
import { appendColumns, readColumns } from './bar-table.js';
import { sqlText, withDuckDb } from './duckdb.js';

/** The file is not a dataset that `writeDataset` wrote. */
export class NotADataset extends Error {
  override readonly name = 'NotADataset';
  constructor(path: string, problem: string) {
    super(`${path} is not a dataset: ${problem}; expected a Parquet file that Ratchet wrote`);
  }
}

const COLUMNS = `open_time DOUBLE, close_time DOUBLE, open DOUBLE, high DOUBLE, low DOUBLE, close DOUBLE, volume DOUBLE, session DOUBLE`;
const STORED = `open_time::BIGINT AS open_time, close_time::BIGINT AS close_time, open, high, low, close, volume, session::INTEGER AS session`;
const READ = `open_time::DOUBLE, close_time::DOUBLE, open, high, low, close, volume, session::DOUBLE`;

/** Writes bars as a Parquet file (times BIGINT ms, session INTEGER, the rest DOUBLE), replacing `path` in one step. */
export const writeDataset = async (bars: BarSeries, path: string): Promise<void> => {
  const unfinished = `${path}.${randomUUID()}.tmp`;
  try {
    await withDuckDb(async (connection) => {
      await connection.run(`CREATE TABLE bars (${COLUMNS})`);
      const appender = await connection.createAppender('bars');
      appendColumns(appender, columnsOf(bars), bars.length);
      appender.closeSync();
      const metadata = `{instrument: ${sqlText(bars.instrument)}, frequency_ms: '${bars.frequencyMs}'}`;
      await connection.run(
        `COPY (SELECT ${STORED} FROM bars) TO ${sqlText(unfinished)} (FORMAT parquet, COMPRESSION zstd, KV_METADATA ${metadata})`,
      );
    });
    await rename(unfinished, path);
  } finally {
    await rm(unfinished, { force: true });
  }
};

/** Reads what `writeDataset` wrote. Throws `NotADataset`. */
export const readDataset = async (path: string): Promise<BarSeries> =>
  withDuckDb(async (connection) => {
    const query = async (sql: string): Promise<Record<string, unknown>[]> => (await connection.runAndReadAll(sql)).getRowObjectsJS();
    const metadata = await query(`SELECT decode(key) AS key, decode(value) AS value FROM parquet_kv_metadata(${sqlText(path)})`).catch(
      (error: unknown) => {
        throw new NotADataset(path, error instanceof Error ? error.message : String(error));
      },
    );
    const valueOf = (key: string): string => {
      const value = metadata.find((entry) => entry.key === key)?.value;
      if (typeof value !== 'string') throw new NotADataset(path, `it has no ${key}`);
      return value;
    };
    const instrument = valueOf('instrument');
    const frequencyMs = Number(valueOf('frequency_ms'));
    const length = Number((await query(`SELECT count(*) AS rows FROM read_parquet(${sqlText(path)})`))[0]?.rows);
    const columns = await readColumns(connection, `SELECT ${READ} FROM read_parquet(${sqlText(path)})`, length);
    return barsFromColumns(instrument, frequencyMs, columns);
  });

/** Builds a series from eight columns in the order of the file: open time, close time, open, high, low, close, volume, session. */
export const barsFromColumns = (instrument: string, frequencyMs: number, columns: readonly Float64Array[]): BarSeries => {
  const [openTime, closeTime, open, high, low, close, volume, session] = columns;
  if (!openTime || !closeTime || !open || !high || !low || !close || !volume || !session)
    throw new RangeError(`bars need 8 columns, got ${columns.length}`);
  return {
    instrument,
    frequencyMs,
    length: openTime.length,
    openTime,
    closeTime,
    open,
    high,
    low,
    close,
    volume,
    session: Int32Array.from(session),
  };
};

/**
 * Identity of a series: SHA-256 (hex) over a line of JSON with instrument, frequency and length, then the bytes of
 * open time, close time, open, high, low, close, volume (float64) and session (int32), little-endian. No file format enters it.
 */
export const datasetId = (bars: BarSeries): string => {
  const { instrument, frequencyMs, length } = bars;
  const hash = createHash('sha256').update(`${JSON.stringify({ instrument, frequencyMs, length })}\n`);
  for (const column of columnsOf(bars)) hash.update(littleEndian(column));
  return hash.digest('hex');
};

type Column = Float64Array | Int32Array;

const columnsOf = (bars: BarSeries): Column[] => [
  bars.openTime,
  bars.closeTime,
  bars.open,
  bars.high,
  bars.low,
  bars.close,
  bars.volume,
  bars.session,
];

const HOST_IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

const littleEndian = (column: Column): Uint8Array => {
  const bytes = Buffer.from(column.buffer, column.byteOffset, column.byteLength);
  if (HOST_IS_LITTLE_ENDIAN) return bytes;
  const copy = Buffer.from(bytes);
  return column.BYTES_PER_ELEMENT === 8 ? copy.swap64() : copy.swap32();
};
