import { readDigits } from './fields.js';

/** Reads `yyyyMMdd` and `yyyyMMdd HHmmss` as UTC; one per file, because it remembers the day of the line before. */
export interface CompactStamp {
  /** Midnight of the 8 digits at `from` in epoch ms, or NaN when they are no date. */
  readonly day: (bytes: Uint8Array, from: number) => number;
  /** The 15 characters at `from` in epoch ms, or NaN when they are no date and time. */
  readonly second: (bytes: Uint8Array, from: number) => number;
}

/** Makes a reader of NinjaTrader's stamps. Years run from 1970 to 2999. */
export const createCompactStamp = (): CompactStamp => {
  let lastDigits = -1;
  let lastDay = NaN;
  const day = (bytes: Uint8Array, from: number): number => {
    const digits = readDigits(bytes, from, from + 8);
    if (digits === lastDigits) return lastDay;
    lastDigits = digits;
    lastDay = utcDay(Math.floor(digits / 10_000), Math.floor(digits / 100) % 100, digits % 100);
    return lastDay;
  };
  const second = (bytes: Uint8Array, from: number): number => {
    if (bytes[from + 8] !== 0x20) return NaN;
    const time = readDigits(bytes, from + 9, from + 15);
    const hours = Math.floor(time / 10_000);
    const minutes = Math.floor(time / 100) % 100;
    const seconds = time % 100;
    if (time < 0 || hours > 23 || minutes > 59 || seconds > 59) return NaN;
    return day(bytes, from) + ((hours * 60 + minutes) * 60 + seconds) * 1_000;
  };
  return { day, second };
};

/** Midnight UTC of a calendar date in epoch ms; NaN for 30 February and its like, and for years outside 1970-2999. */
export const utcDay = (year: number, month: number, dayOfMonth: number): number => {
  if (year < 1970 || year > 2999) return NaN;
  const time = Date.UTC(year, month - 1, dayOfMonth);
  const date = new Date(time);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === dayOfMonth ? time : NaN;
};
