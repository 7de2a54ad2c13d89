import type { DuckDBConnection } from '@duckdb/node-api';
import type { IngestReport } from '../../domain/market/ingest.js';
import type { LineReader } from '../formats/bar-format.js';
import { IngestRefused } from '../formats/ingest-refused.js';
import { NOTE_LIMIT } from './intake.js';
import type { Intake } from './intake.js';

type Settled = Omit<IngestReport, 'instrument' | 'sha256' | 'bytes' | 'format' | 'barsArtifact'>;

/**
 * Makes table `bars` (one row a bar, times of open and close) of table `lines`. Of several lines with one stamp the last holds;
 * the others count as repaired. Throws `IngestRefused` when no bar is left or the length of a bar cannot be told.
 */
export const settleRows = async (
  connection: DuckDBConnection,
  path: string,
  { counts }: Intake,
  reader: LineReader,
  instrumentStamp: 'open' | 'close',
): Promise<Settled> => {
  if (counts.lines === counts.quarantined) throw noRows(path, counts);
  const frequencyMs = reader.frequencyMs ?? commonestDistance(counts.distances);
  if (frequencyMs === null) {
    throw new IngestRefused('frequency-unknown', `${path} has one bar, which does not tell how long a bar is: export at least two`);
  }
  const stamp = reader.stamp === 'instrument' ? instrumentStamp : reader.stamp;
  const dropped = counts.ascending ? { count: 0, notes: [] } : await dropDuplicates(connection);
  const opens = stamp === 'open' ? 'stamp' : `stamp - ${frequencyMs}`;
  await connection.run(`CREATE VIEW bars AS SELECT (${opens})::BIGINT AS open_time, (${opens} + ${frequencyMs})::BIGINT AS close_time,
    open, high, low, close, volume, mended FROM lines`);
  const [summary] = (
    await connection.runAndReadAll(`SELECT count(*)::DOUBLE AS bars, sum(mended)::DOUBLE AS mended,
      min(close_time)::DOUBLE AS first, max(close_time)::DOUBLE AS last FROM bars`)
  ).getRowObjectsJS();
  const rows = Number(summary?.bars);
  const repaired = Number(summary?.mended) + dropped.count;
  return {
    lines: counts.lines,
    accepted: counts.lines - counts.quarantined - repaired,
    repaired,
    quarantined: counts.quarantined,
    quarantine: counts.quarantine,
    repairs: [...counts.repairs, ...dropped.notes].sort((a, b) => a.line - b.line).slice(0, NOTE_LIMIT),
    rows,
    frequencyMs,
    firstClose: new Date(Number(summary?.first)).toISOString(),
    lastClose: new Date(Number(summary?.last)).toISOString(),
  };
};

const dropDuplicates = async (connection: DuckDBConnection): Promise<{ count: number; notes: IngestReport['repairs'] }> => {
  await connection.run(`CREATE TABLE superseded AS SELECT line, kept FROM
    (SELECT line, max(line) OVER (PARTITION BY stamp) AS kept FROM lines) WHERE line <> kept`);
  const deleted = await connection.run(`DELETE FROM lines WHERE line IN (SELECT line FROM superseded)`);
  const listed = await connection.runAndReadAll(`SELECT line, kept FROM superseded ORDER BY line LIMIT ${NOTE_LIMIT}`);
  const notes = listed
    .getRowObjectsJS()
    .map(({ line, kept }) => ({ line: Number(line), reason: `same stamp as line ${Number(kept)}, which holds`, text: '' }));
  return { count: deleted.rowsChanged, notes };
};

/** The commonest distance, the smaller one of two equally common; null without any. */
const commonestDistance = (distances: ReadonlyMap<number, number>): number | null => {
  const [first] = [...distances].sort(([a, timesA], [b, timesB]) => timesB - timesA || a - b);
  return first?.[0] ?? null;
};

const noRows = (path: string, { lines, quarantine }: Intake['counts']): IngestRefused => {
  const why = quarantine[0]
    ? `all ${lines} lines are malformed, the first because of ${quarantine[0].reason}`
    : 'it has a header and no bars';
  return new IngestRefused('no-rows', `${path} holds no bars: ${why}`);
};
