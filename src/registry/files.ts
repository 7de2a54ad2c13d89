import { z } from 'zod';
import type { IngestReport } from '../domain/market/ingest.js';
import { isoTime, storedObject } from './database.js';
import type { Queries } from './database.js';

/** An ingest report without its lists of single lines. */
export type IngestSummary = Omit<IngestReport, 'quarantine' | 'repairs'>;

const summary = z.object({
  /** Path relative to the watched folder under which it came first, "/" between its parts. */
  pathId: z.string(),
  report: storedObject<IngestSummary>(),
  ingestedAt: isoTime,
});

/** A file whose bars were taken in. */
export type IngestedFile = z.output<typeof summary>;

/** The ledger of ingested files: one entry per instrument and content, however often and under whatever name it comes. */
export const createFiles = (queries: Queries) => ({
  /** Enters a file and says whether it was new; the same content again changes nothing. */
  async record(pathId: string, report: IngestReport): Promise<{ readonly isNew: boolean }> {
    const inserted = await queries.query(
      z.unknown(),
      `insert into ingested_file (instrument, sha256, path_id, report) values ($1, $2, $3, $4)
       on conflict (instrument, sha256) do nothing returning id`,
      [report.instrument, report.sha256, pathId, JSON.stringify(report)],
    );
    return { isNew: inserted.length === 1 };
  },

  /** Instruments that have files. */
  async instruments(): Promise<readonly string[]> {
    const found = await queries.query(z.object({ instrument: z.string() }), 'select distinct instrument from ingested_file order by 1');
    return found.map(({ instrument }) => instrument);
  },

  /** Whether this content of the instrument was taken in before, under whatever name. */
  async isKnown(instrument: string, sha256: string): Promise<boolean> {
    const found = await queries.query(z.unknown(), 'select 1 from ingested_file where instrument = $1 and sha256 = $2', [
      instrument,
      sha256,
    ]);
    return found.length > 0;
  },

  /** The whole report of one file, quarantined lines included; null when it never came. */
  async report(instrument: string, sha256: string): Promise<IngestReport | null> {
    const [found] = await queries.query(
      z.object({ report: storedObject<IngestReport>() }),
      'select report from ingested_file where instrument = $1 and sha256 = $2',
      [instrument, sha256],
    );
    return found?.report ?? null;
  },

  /** An instrument's files in the order of their arrival: where two hold the same bar, the later one counts. */
  ofInstrument: (instrument: string): Promise<IngestedFile[]> =>
    queries.query(
      summary,
      `select path_id, report - 'quarantine' - 'repairs' as report, ingested_at from ingested_file where instrument = $1 order by id`,
      [instrument],
    ),
});
