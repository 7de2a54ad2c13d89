import { access } from 'node:fs/promises';
import type { IngestReport } from '../../domain/market/ingest.js';
import { sqlText, withDuckDb } from '../duckdb.js';

/** Raised when the meaning of stored bars or of the report changes: files ingested before are then read again. */
const VERSION = 1;

/** The Parquet metadata that carries a report and the settings it was made under, as an SQL literal. */
export const reportMetadata = (report: IngestReport, settings: string): string =>
  `{ratchet_ingest: ${sqlText(JSON.stringify({ version: VERSION, settings, report }))}}`;

/** The report inside a stored file of bars, or null when there is none that was made under these settings. */
export const readReport = async (path: string, settings: string): Promise<IngestReport | null> => {
  if (!(await exists(path))) return null;
  const text = await withDuckDb(async (connection) => {
    const sql = `SELECT decode(value) AS value FROM parquet_kv_metadata(${sqlText(path)}) WHERE decode(key) = 'ratchet_ingest'`;
    return (await connection.runAndReadAll(sql)).getRowObjectsJS()[0]?.value;
  }).catch(() => undefined); // an unreadable file is written again
  if (typeof text !== 'string') return null;
  const stored: unknown = JSON.parse(text);
  return isStored(stored) && stored.version === VERSION && stored.settings === settings ? stored.report : null;
};

interface Stored {
  readonly version: number;
  readonly settings: string;
  readonly report: IngestReport;
}

/** Enough of a check for a file that `reportMetadata` wrote: its version stands for the rest. */
const isStored = (value: unknown): value is Stored =>
  typeof value === 'object' && value !== null && 'version' in value && 'settings' in value && 'report' in value;

const exists = async (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
