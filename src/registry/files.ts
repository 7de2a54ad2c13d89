import { z } from 'zod';
import type { IngestReport } from '../domain/market/ingest.js';
import { isoTime, storedObject } from './database/database.js';
import type { Queries } from './database/database.js';

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

/** Where a content lies, and how often what lies there has changed. */
const place = z.object({ sha256: z.string(), revision: z.number() });

/** The ledger of ingested files: one entry per instrument and content, however often and under whatever name it comes. */
export const createFiles = (queries: Queries) => ({
  /**
   * Enters a file and says whether its content was new. The same content again at the same place changes nothing; where it takes the place of another,
   * as when a file is restored, it counts as the newest, so that its bars hold again.
   */
  async record(pathId: string, report: IngestReport): Promise<{ readonly isNew: boolean }> {
    const [entered] = await queries.query(
      z.object({ isNew: z.boolean() }),
      `with place as (
         insert into file_place as known (instrument, path_id, sha256) values ($1, $3, $2)
         on conflict (instrument, path_id) do update set sha256 = excluded.sha256, revision = known.revision + 1
         where known.sha256 <> excluded.sha256 returning revision
       )
       insert into ingested_file (instrument, sha256, path_id, report) values ($1, $2, $3, $4)
       on conflict (instrument, sha256) do update set arrival = nextval('file_arrival') where (select revision from place) > 0
       returning xmax = 0 as is_new`,
      [report.instrument, report.sha256, pathId, JSON.stringify(report)],
    );
    return { isNew: entered?.isNew === true };
  },

  /** What was taken in last from this place; null when nothing was. */
  async at(instrument: string, pathId: string): Promise<z.output<typeof place> | null> {
    const [found] = await queries.query(place, 'select sha256, revision from file_place where instrument = $1 and path_id = $2', [
      instrument,
      pathId,
    ]);
    return found ?? null;
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
      `select path_id, report - 'quarantine' - 'repairs' as report, ingested_at from ingested_file where instrument = $1 order by arrival`,
      [instrument],
    ),
});
