import type { BarFormat, LineReader } from './bar-format.js';
import { createCompactStamp } from './compact-stamp.js';
import { createFields, splitFields } from './fields.js';
import { fieldText, readPrices } from './price-fields.js';

const SEMICOLON = 0x3b;
const COLUMNS = { open: 1, high: 2, low: 3, close: 4, volume: 5 } as const;
const FIELDS = 6;

/**
 * NinjaTrader 8 minute bars, `yyyyMMdd HHmmss;open;high;low;close;volume`, without header, UTC, stamped with the bar's close
 * (the vendor's help pages "Importing" and "Exporting").
 */
export const nt8Minute: BarFormat = {
  name: 'nt8-minute',
  recognise: (head) => (mostLines(head, /^\s*\d{8} \d{6};([^;]*;){4}[^;]*$/) ? reader(15, null) : null),
};

/** NinjaTrader 8 day bars, `yyyyMMdd;open;high;low;close;volume`: a trading date without a zone, read as the UTC day. */
export const nt8Day: BarFormat = {
  name: 'nt8-day',
  recognise: (head) => (mostLines(head, /^\s*\d{8};([^;]*;){4}[^;]*$/) ? reader(8, 86_400_000) : null),
};

const mostLines = (head: readonly string[], shape: RegExp): boolean => head.filter((line) => shape.test(line)).length * 2 > head.length;

const reader = (stampLength: 8 | 15, frequencyMs: number | null): LineReader => {
  const fields = createFields(FIELDS);
  const stamp = createCompactStamp();
  const read = stampLength === 8 ? stamp.day : stamp.second;
  return {
    stamp: stampLength === 8 ? 'open' : 'close',
    headerLines: 0,
    frequencyMs,
    parse(bytes, from, to, row) {
      splitFields(bytes, from, to, SEMICOLON, fields);
      if (fields.count !== FIELDS) return `${fields.count} fields separated by ";" instead of ${FIELDS}`;
      const start = fields.starts[0] ?? 0;
      row.time = (fields.ends[0] ?? 0) - start === stampLength ? read(bytes, start) : NaN;
      if (Number.isNaN(row.time)) {
        return `${JSON.stringify(fieldText(bytes, fields, 0))} is not a stamp of the form ${stampLength === 8 ? 'yyyyMMdd' : 'yyyyMMdd HHmmss'}`;
      }
      row.repair = fields.trimmed ? 'spaces or quotes around a field' : null;
      return readPrices(bytes, fields, COLUMNS, row);
    },
  };
};
