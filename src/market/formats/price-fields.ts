import type { Row } from './bar-format.js';
import { readDecimal, readText } from './fields.js';
import type { Fields } from './fields.js';

/** Which fields hold what; `volume` is -1 where the file has none (then it is 0). */
export interface PriceColumns {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** Reads the five numbers of a bar into `row`; returns null, or which one is not a number. */
export const readPrices = (bytes: Uint8Array, fields: Fields, columns: PriceColumns, row: Row): string | null => {
  row.open = readField(bytes, fields, columns.open);
  row.high = readField(bytes, fields, columns.high);
  row.low = readField(bytes, fields, columns.low);
  row.close = readField(bytes, fields, columns.close);
  row.volume = columns.volume < 0 ? 0 : readField(bytes, fields, columns.volume);
  if (Number.isNaN(row.open)) return notANumber('open', bytes, fields, columns.open);
  if (Number.isNaN(row.high)) return notANumber('high', bytes, fields, columns.high);
  if (Number.isNaN(row.low)) return notANumber('low', bytes, fields, columns.low);
  if (Number.isNaN(row.close)) return notANumber('close', bytes, fields, columns.close);
  if (Number.isNaN(row.volume)) return notANumber('volume', bytes, fields, columns.volume);
  return null;
};

const readField = (bytes: Uint8Array, fields: Fields, field: number): number =>
  readDecimal(bytes, fields.starts[field] ?? 0, fields.ends[field] ?? 0);

const notANumber = (what: string, bytes: Uint8Array, fields: Fields, field: number): string =>
  `${what} ${JSON.stringify(fieldText(bytes, fields, field))} is not a number`;

/** A field as text, for messages. */
export const fieldText = (bytes: Uint8Array, fields: Fields, field: number): string =>
  readText(bytes, fields.starts[field] ?? 0, fields.ends[field] ?? 0);
