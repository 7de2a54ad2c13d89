/** Bounds of the fields of one line: field f is bytes [starts[f], ends[f]), without surrounding spaces and quotes. */
export interface Fields {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  count: number;
  /** A field had spaces or quotes around it. */
  trimmed: boolean;
}

/** Room for the fields of a line; further fields are counted, not kept. */
export const createFields = (capacity: number): Fields => ({
  starts: new Int32Array(capacity),
  ends: new Int32Array(capacity),
  count: 0,
  trimmed: false,
});

/** Splits bytes [from, to) at `separator` (a byte) into `fields`. Quotes are taken off; a separator inside quotes still separates. */
export const splitFields = (bytes: Uint8Array, from: number, to: number, separator: number, fields: Fields): void => {
  fields.count = 0;
  fields.trimmed = false;
  for (let start = from, at = from; at <= to; at++) {
    if (at < to && bytes[at] !== separator) continue;
    keepField(bytes, start, at, fields);
    start = at + 1;
  }
};

const keepField = (bytes: Uint8Array, start: number, end: number, fields: Fields): void => {
  let from = start;
  let to = end;
  while (from < to && isPadding(bytes[from])) from++;
  while (to > from && isPadding(bytes[to - 1])) to--;
  if (to - from !== end - start) fields.trimmed = true;
  if (fields.count < fields.starts.length) {
    fields.starts[fields.count] = from;
    fields.ends[fields.count] = to;
  }
  fields.count++;
};

const isPadding = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x22 || byte === 0x09;

const POWERS = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
/** Decimal digits that a double always holds exactly. */
const EXACT_DIGITS = 15;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/;

/**
 * The decimal number in bytes [from, to), correctly rounded; NaN when there is none.
 * Up to 15 digits are summed as an integer and divided once by a power of ten, which is exact by IEEE 754.
 */
export const readDecimal = (bytes: Uint8Array, from: number, to: number): number => {
  const negative = bytes[from] === 0x2d;
  let mantissa = 0;
  let digits = 0;
  let point = -1;
  for (let at = negative ? from + 1 : from; at < to; at++) {
    const digit = (bytes[at] ?? 0) - 0x30;
    if (digit >= 0 && digit <= 9) {
      mantissa = mantissa * 10 + digit;
      digits++;
    } else if (digit === -2 && point < 0) point = digits;
    else return readUnusual(bytes, from, to);
  }
  if (digits === 0 || digits > EXACT_DIGITS) return readUnusual(bytes, from, to);
  const value = point < 0 ? mantissa : mantissa / (POWERS[digits - point] ?? NaN);
  return negative ? -value : value;
};

const readUnusual = (bytes: Uint8Array, from: number, to: number): number => {
  const text = readText(bytes, from, to);
  return NUMBER.test(text) ? Number(text) : NaN;
};

/** The whole number in bytes [from, to), digits only, at most 15 of them; -1 when it is none. */
export const readDigits = (bytes: Uint8Array, from: number, to: number): number => {
  if (to <= from || to - from > EXACT_DIGITS) return -1;
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = (bytes[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
};

/** Bytes [from, to) as text, one character a byte, at most 200. */
export const readText = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + from, Math.min(to - from, 200)).toString('latin1');
