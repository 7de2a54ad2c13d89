import type { BarFormat, LineReader } from './bar-format.js';
import { createFields, splitFields } from './fields.js';
import { IngestRefused } from './ingest-refused.js';
import { fieldText, readPrices } from './price-fields.js';
import { createTimeReader, isDate, lacksZone } from './written-time.js';

/** Names of the time column, best first, and what it stamps. */
const TIME_COLUMNS = [
  { names: ['open_time', 'bar_start', 'start', 'start_time'], stamp: 'open' },
  { names: ['timestamp', 'unix', 'unix_timestamp', 'ts', 'time', 'datetime', 'date_time', 'date'], stamp: 'instrument' },
  { names: ['close_time', 'bar_end', 'end', 'end_time'], stamp: 'close' },
] as const;
const PRICE_COLUMNS = {
  open: ['open', 'o'],
  high: ['high', 'h'],
  low: ['low', 'l'],
  close: ['close', 'c', 'last'],
  volume: ['volume', 'vol', 'v', 'base_volume'],
} as const;
const SEPARATORS = [',', ';', '\t', '|'] as const;

/** Any text file with a header line that names a time, open, high, low and close; volume may be missing. */
export const ohlcvCsv: BarFormat = {
  name: 'ohlcv-csv',
  recognise(head, { timeZone }) {
    const header = head[0] ?? '';
    for (const separator of SEPARATORS) {
      const names = header.split(separator).map(plainName);
      const time = findTime(names);
      const columns = findPrices(names);
      if (time === null || columns === null) continue;
      const stamps = head.slice(1).map((line) => (line.split(separator)[time.column] ?? '').replace(/^[\s"]+|[\s"]+$/g, ''));
      if (timeZone === null && stamps.some(lacksZone)) throw zoneMissing(stamps.find(lacksZone) ?? '');
      return reader({
        separator,
        names: names.length,
        time: time.column,
        stamp: time.stamp,
        columns,
        timeZone,
        daily: stamps.some(isDate),
      });
    }
    return null;
  },
};

interface Layout {
  readonly separator: string;
  readonly names: number;
  readonly time: number;
  readonly stamp: LineReader['stamp'];
  readonly columns: Readonly<Record<keyof typeof PRICE_COLUMNS, number>>;
  readonly timeZone: string | null;
  readonly daily: boolean;
}

const reader = ({ separator, names, time, stamp, columns, timeZone, daily }: Layout): LineReader => {
  const fields = createFields(names);
  const readTime = createTimeReader(timeZone);
  const separatorByte = separator.charCodeAt(0);
  return {
    stamp: daily ? 'open' : stamp,
    headerLines: 1,
    frequencyMs: daily ? 86_400_000 : null,
    parse(bytes, from, to, row) {
      splitFields(bytes, from, to, separatorByte, fields);
      if (fields.count !== names) return `${fields.count} fields instead of the header's ${names}`;
      row.time = readTime(bytes, fields.starts[time] ?? 0, fields.ends[time] ?? 0);
      if (Number.isNaN(row.time)) {
        return `${JSON.stringify(fieldText(bytes, fields, time))} is not a time: expected Unix time or ISO 8601${timeZone === null ? ' with a zone' : ''}`;
      }
      row.repair = null;
      return readPrices(bytes, fields, columns, row);
    },
  };
};

const plainName = (name: string): string =>
  name
    .replace(/^\uFEFF/, '')
    .trim()
    .replace(/^"|"$/g, '')
    .toLowerCase()
    .replace(/[\s-]+/g, '_');

const findTime = (names: readonly string[]): { column: number; stamp: LineReader['stamp'] } | null => {
  for (const { names: known, stamp } of TIME_COLUMNS) {
    for (const name of known) if (names.includes(name)) return { column: names.indexOf(name), stamp };
  }
  return null;
};

const findPrices = (names: readonly string[]): Layout['columns'] | null => {
  const find = (known: readonly string[]): number => names.findIndex((name) => known.includes(name));
  const { open, high, low, close, volume } = PRICE_COLUMNS;
  const columns = { open: find(open), high: find(high), low: find(low), close: find(close), volume: find(volume) };
  return Math.min(columns.open, columns.high, columns.low, columns.close) < 0 ? null : columns;
};

const zoneMissing = (example: string): IngestRefused =>
  new IngestRefused(
    'time-zone-missing',
    `the stamp ${JSON.stringify(example)} names no time zone, and guessing one would shift every bar: set time_zone for this source`,
  );
