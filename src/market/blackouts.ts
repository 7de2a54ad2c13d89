import { DateTime, IANAZone } from 'luxon';
import type { BlackoutSettings, BlackoutWindow, Interval } from '../domain/learner/blackout.js';
import { atWallClock, type Calendar } from './calendar.js';

/** The blackouts that hold any moment of (fromMs, toMs], in order and joined where they touch. Throws `RangeError` for a time zone that does not exist. */
export const findBlackouts = (
  { windows, sessions }: Pick<BlackoutSettings, 'windows' | 'sessions'>,
  calendar: Calendar,
  fromMs: number,
  toMs: number,
): readonly Interval[] => {
  const regular =
    sessions === 'regular' ? calendar.sessions(fromMs, toMs).map(({ open, close }): Interval => ({ fromMs: open, toMs: close })) : [];
  const byClock = windows.flatMap((window) => occurrences(window, window.zone ?? calendar.zone, fromMs, toMs));
  return joined([...regular, ...byClock].filter((interval) => interval.toMs > fromMs && interval.fromMs < toMs));
};

/**
 * A window on each of its days, by the zone's clock of that day: one that a clock change swallows whole is not there, and one that begins in an hour
 * that comes twice begins with the first.
 */
const occurrences = ({ days, from, to }: BlackoutWindow, zone: string, fromMs: number, toMs: number): Interval[] => {
  if (!IANAZone.isValidZone(zone))
    throw new RangeError(
      `blackout.windows: time zone ${JSON.stringify(zone)} is not known; expected an IANA name such as America/New_York`,
    );
  const found: Interval[] = [];
  const first = DateTime.fromMillis(fromMs, { zone }).startOf('day').minus({ days: 1 });
  for (let day = first; day.toMillis() <= toMs; day = day.plus({ days: 1 })) {
    if (!days.includes(day.weekday)) continue;
    const begins = atWallClock(day, from);
    const ends = atWallClock(to > from ? day : day.plus({ days: 1 }), to);
    if (ends > begins) found.push({ fromMs: begins, toMs: ends });
  }
  return found;
};

const joined = (intervals: readonly Interval[]): readonly Interval[] => {
  const result: Interval[] = [];
  for (const interval of intervals.toSorted((one, other) => one.fromMs - other.fromMs)) {
    const last = result.at(-1);
    if (last !== undefined && interval.fromMs <= last.toMs)
      result[result.length - 1] = { fromMs: last.fromMs, toMs: Math.max(last.toMs, interval.toMs) };
    else result.push(interval);
  }
  return result;
};
