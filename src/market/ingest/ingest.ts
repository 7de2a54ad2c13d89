import type { DuckDBConnection } from '@duckdb/node-api';
import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { IngestReport } from '../../domain/market/ingest.js';
import type { Instrument } from '../../domain/market/instrument.js';
import { appendColumns } from '../bar-table.js';
import { sqlText, withDuckDb } from '../duckdb.js';
import { IngestRefused } from '../formats/ingest-refused.js';
import { readReport, reportMetadata } from './ingest-report-store.js';
import { createIntake, INTAKE_COLUMNS } from './intake.js';
import type { Intake } from './intake.js';
import { readLines } from './read-lines.js';
import type { FileContent } from './read-lines.js';
import { recogniseFile } from './recognise.js';
import { settleRows } from './settle-rows.js';

export interface IngestOptions {
  readonly instrument: Instrument;
  /** Where checked bars are kept; a file's bars are `<instrument>/<sha256>.parquet` in it. */
  readonly barsFolder: string;
  /** IANA zone of stamps that name none; without it they are refused. */
  readonly timeZone?: string;
  /** What the file is expected to hold; when its bars are stored already, it is not read again. */
  readonly sha256?: string;
  readonly chunkBytes?: number;
}

/**
 * Reads one file of bars, checks each line and stores the good ones as Parquet. The same content gives the same report and file,
 * however often it is ingested. Throws `IngestRefused` when the whole file is unusable, or is no longer the one of `sha256`.
 */
export const ingestFile = async (path: string, options: IngestOptions): Promise<IngestReport> => {
  const folder = join(options.barsFolder, options.instrument.id);
  if (options.sha256 !== undefined) {
    const stored = await readReport(join(folder, `${options.sha256}.parquet`), settingsOf(options));
    if (stored !== null) return stored;
  }
  const { format, reader } = await recogniseFile(path, { timeZone: options.timeZone ?? null });
  await mkdir(folder, { recursive: true });
  return withDuckDb(async (connection) => {
    const intake = createIntake(reader);
    const content = await readIntoTable(connection, path, intake, options.chunkBytes);
    if (options.sha256 !== undefined && content.sha256 !== options.sha256) {
      throw new IngestRefused(
        'changed',
        `${path} changed after it was reported (${options.sha256} became ${content.sha256}): it will be reported again`,
      );
    }
    const settled = await settleRows(connection, path, intake, reader, options.instrument.stamp);
    const report: IngestReport = {
      instrument: options.instrument.id,
      sha256: content.sha256,
      bytes: content.bytes,
      format,
      ...settled,
      barsArtifact: `${options.instrument.id}/${content.sha256}.parquet`,
    };
    await store(connection, join(folder, `${content.sha256}.parquet`), reportMetadata(report, settingsOf(options)));
    return report;
  }, folder);
};

const readIntoTable = async (
  connection: DuckDBConnection,
  path: string,
  intake: Intake,
  chunkBytes: number | undefined,
): Promise<FileContent> => {
  await connection.run(`CREATE TABLE lines (${INTAKE_COLUMNS.map((name) => `${name} DOUBLE`).join(', ')})`);
  const appender = await connection.createAppender('lines');
  const flush = (): void => {
    const { columns, rows } = intake.take();
    appendColumns(appender, columns, rows);
  };
  const afterChunk = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const content = await readLines(
    path,
    (bytes, from, to, line) => {
      if (intake.add(bytes, from, to, line)) flush();
    },
    chunkBytes === undefined ? { afterChunk } : { chunkBytes, afterChunk },
  );
  flush();
  appender.closeSync();
  return content;
};

const store = async (connection: DuckDBConnection, path: string, metadata: string): Promise<void> => {
  const unfinished = `${path}.${randomUUID()}.tmp`;
  try {
    await connection.run(`COPY (SELECT open_time, close_time, open, high, low, close, volume FROM bars ORDER BY close_time)
      TO ${sqlText(unfinished)} (FORMAT parquet, COMPRESSION zstd, KV_METADATA ${metadata})`);
    await rename(unfinished, path);
  } finally {
    await rm(unfinished, { force: true });
  }
};

const settingsOf = ({ instrument, timeZone }: IngestOptions): string =>
  JSON.stringify({ stamp: instrument.stamp, timeZone: timeZone ?? null });
