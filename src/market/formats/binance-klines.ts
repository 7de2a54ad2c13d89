import type { BarFormat } from './bar-format.js';
import { createFields, splitFields } from './fields.js';
import { fieldText, readPrices } from './price-fields.js';
import { createTimeReader } from './written-time.js';

const COMMA = 0x2c;
const FIELDS = 12;
const COLUMNS = { open: 1, high: 2, low: 3, close: 4, volume: 5 } as const;

/**
 * Binance's public klines without header: open time, open, high, low, close, volume, close time, and five columns that are not
 * used. Times are in ms, for spot since 2025-01-01 in µs (repository binance/binance-public-data).
 */
export const binanceKlines: BarFormat = {
  name: 'binance-klines',
  recognise(head) {
    if (!/^\d{13}(\d{3})?,([^,]*,){5}\d{13}(\d{3})?,([^,]*,){4}[^,]*$/.test(head[0] ?? '')) return null;
    const fields = createFields(FIELDS);
    const readTime = createTimeReader(null);
    return {
      stamp: 'open',
      headerLines: 0,
      frequencyMs: null,
      parse(bytes, from, to, row) {
        splitFields(bytes, from, to, COMMA, fields);
        if (fields.count !== FIELDS) return `${fields.count} fields instead of ${FIELDS}`;
        row.time = readTime(bytes, fields.starts[0] ?? 0, fields.ends[0] ?? 0);
        if (Number.isNaN(row.time)) return `${JSON.stringify(fieldText(bytes, fields, 0))} is not a time in ms or µs`;
        row.repair = null;
        return readPrices(bytes, fields, COLUMNS, row);
      },
    };
  },
};
