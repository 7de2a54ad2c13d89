import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection } from '@duckdb/node-api';
import { tmpdir } from 'node:os';

/** Runs `use` on a DuckDB of its own in memory, held to 256 MB; what does not fit goes to `spillFolder`. */
export const withDuckDb = async <T>(use: (connection: DuckDBConnection) => Promise<T>, spillFolder = tmpdir()): Promise<T> => {
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '256MB', threads: '2', temp_directory: spillFolder });
  const connection = await instance.connect();
  try {
    return await use(connection);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
};

/** A value as an SQL text literal, for the places (COPY, read_parquet) where DuckDB takes no parameter. */
export const sqlText = (value: string): string => `'${value.replaceAll("'", "''")}'`;
