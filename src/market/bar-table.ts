import { DOUBLE, DuckDBDataChunk, DuckDBDoubleVector } from '@duckdb/node-api';
import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api';

/** Rows of a DuckDB vector: what one data chunk holds at most. */
const CHUNK_ROWS = 2_048;

/** Appends equally long columns of numbers to a table whose columns are all DOUBLE. */
export const appendColumns = (appender: DuckDBAppender, columns: readonly ArrayLike<number>[], rows: number): void => {
  const chunk = DuckDBDataChunk.create(columns.map(() => DOUBLE));
  for (let from = 0; from < rows; from += CHUNK_ROWS) {
    const count = Math.min(CHUNK_ROWS, rows - from);
    chunk.rowCount = count;
    columns.forEach((column, index) => {
      const vector = doubles(chunk, index);
      for (let i = 0; i < count; i++) vector.setItem(i, column[from + i] ?? null);
      vector.flush();
    });
    appender.appendDataChunk(chunk);
    chunk.reset();
  }
};

/** Reads a query whose columns are all DOUBLE into one array each, chunk by chunk. `rows` is the exact number of rows. */
export const readColumns = async (connection: DuckDBConnection, sql: string, rows: number): Promise<Float64Array[]> => {
  const result = await connection.stream(sql);
  const columns = Array.from({ length: result.columnCount }, () => new Float64Array(rows));
  for (let row = 0; ;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return columns;
    columns.forEach((column, index) => {
      const vector = doubles(chunk, index);
      for (let i = 0; i < chunk.rowCount; i++) column[row + i] = vector.getItem(i) ?? NaN;
    });
    row += chunk.rowCount;
  }
};

const doubles = (chunk: DuckDBDataChunk, index: number): DuckDBDoubleVector => {
  const vector = chunk.getColumnVector(index);
  if (!(vector instanceof DuckDBDoubleVector)) throw new TypeError(`column ${index} holds ${vector.type.toString()}: expected DOUBLE`);
  return vector;
};
