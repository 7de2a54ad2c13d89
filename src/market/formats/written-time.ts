import { DateTime } from 'luxon';
import { utcDay } from './compact-stamp.js';
import { readDigits, readText } from './fields.js';

const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)? ?(Z|UTC|[+-]\d\d:?\d\d)?$/i;

/** Whether a stamp needs a time zone from outside: it names a time of day, but no zone. */
export const lacksZone = (written: string): boolean => {
  const match = ISO.exec(written);
  return match?.[4] !== undefined && match[8] === undefined;
};

/** A date without a time of day. */
export const isDate = (written: string): boolean => {
  const match = ISO.exec(written);
  return match !== null && match[4] === undefined;
};

/** Reads the stamp in bytes [from, to) to epoch ms UTC; NaN when it is none. */
export type TimeReader = (bytes: Uint8Array, from: number, to: number) => number;

/**
 * Reads Unix time in s, ms, µs or ns (told apart by its 10, 13, 16 or 19 digits, so from 2001 to 2286) and ISO 8601.
 * A stamp without a zone is of `timeZone`, or NaN when that is null. A bare date is that UTC day's midnight: dates are never shifted.
 */
export const createTimeReader = (timeZone: string | null): TimeReader => {
  const zoneOffset = createZoneOffset(timeZone ?? 'UTC');
  return (bytes, from, to) => {
    const unix = readUnixTime(bytes, from, to);
    if (unix >= 0) return unix;
    const match = ISO.exec(readText(bytes, from, to));
    if (match === null) return NaN;
    const [, year, month, day, hour, minute, second, fraction, zone] = match;
    const time = wallClock(utcDay(Number(year), Number(month), Number(day)), hour, minute, second, fraction);
    if (hour === undefined) return time;
    if (zone !== undefined) return time - writtenOffset(zone);
    return timeZone === null ? NaN : time - zoneOffset(time);
  };
};

const UNIX_DIVISORS: Readonly<Record<number, number>> = { 10: 0.001, 13: 1, 16: 1_000, 19: 1_000_000 };

const readUnixTime = (bytes: Uint8Array, from: number, to: number): number => {
  const digits = to - from;
  const divisor = UNIX_DIVISORS[digits];
  if (divisor === undefined) return -1;
  // Milliseconds are the first 13 digits, which a double holds exactly; 16 and 19 would not all fit.
  const value = readDigits(bytes, from, from + Math.min(digits, 13));
  if (value < 0 || (digits > 13 && readDigits(bytes, from + 13, to) < 0)) return -1;
  return digits === 10 ? value * 1_000 : value;
};

const wallClock = (day: number, hour = '0', minute = '0', second = '0', fraction = ''): number =>
  Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59
    ? NaN
    : day + ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1_000 + Number(fraction.padEnd(3, '0').slice(0, 3));

const writtenOffset = (zone: string): number => {
  const match = /^([+-])(\d\d):?(\d\d)$/.exec(zone);
  if (match === null) return 0;
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) * 60_000;
};

/** Offset of a zone at a wall clock time (given as if it were UTC) in ms; asked of the time zone rules once an hour of data. */
const createZoneOffset = (zone: string): ((wallClock: number) => number) => {
  let lastHour = NaN;
  let lastOffset = 0;
  return (time) => {
    const hour = Math.floor(time / 3_600_000);
    if (hour !== lastHour) {
      lastHour = hour;
      const local = DateTime.fromMillis(hour * 3_600_000, { zone: 'UTC' }).setZone(zone, { keepLocalTime: true });
      lastOffset = local.offset * 60_000;
    }
    return lastOffset;
  };
};
