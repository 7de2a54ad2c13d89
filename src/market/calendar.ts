import { DateTime, IANAZone } from 'luxon';
import type { CalendarConfig } from '../config/sections/calendar.js';

/** One trading session. Times are epoch ms UTC. */
export interface Session {
  /** The trading date, `yyyy-MM-dd` in the calendar's zone. */
  readonly date: string;
  readonly open: number;
  readonly close: number;
  /** Pauses inside the session. */
  readonly halts: readonly { readonly from: number; readonly to: number }[];
}

export interface Calendar {
  readonly id: string;
  /** IANA name of its time zone. */
  readonly zone: string;
  /** Last day that holidays are known for, `yyyy-MM-dd`, or null when they need no knowing. */
  readonly knownUntil: string | null;
  /** The sessions that hold any moment of (from, to], in order. */
  sessions(from: number, to: number): readonly Session[];
}

/** Builds a calendar from its file. Throws `RangeError` when its time zone does not exist. */
export const createCalendar = (config: CalendarConfig): Calendar => {
  if (!IANAZone.isValidZone(config.zone)) {
    throw new RangeError(
      `calendar ${config.id}: time zone ${JSON.stringify(config.zone)} is not known; expected an IANA name such as America/Chicago`,
    );
  }
  const closed = new Set(config.closed);
  const eras = [...config.eras].sort((a, b) => (a.from < b.from ? -1 : 1));
  const known = new Map<string, Session | null>();
  const sessionOf = (day: DateTime): Session | null => {
    const date = day.toFormat('yyyy-MM-dd');
    const found = known.get(date);
    if (found !== undefined) return found;
    const session = closed.has(date) ? null : regularSession(eras, day, date, config.early[date]);
    known.set(date, session);
    return session;
  };
  return {
    id: config.id,
    zone: config.zone,
    knownUntil: config.known?.to ?? null,
    sessions(from, to) {
      const sessions: Session[] = [];
      const last = DateTime.fromMillis(to, { zone: config.zone }).startOf('day').plus({ days: 1 });
      for (let day = DateTime.fromMillis(from, { zone: config.zone }).startOf('day'); day <= last; day = day.plus({ days: 1 })) {
        const session = sessionOf(day);
        if (session !== null && session.close > from && session.open < to) sessions.push(session);
      }
      return sessions;
    },
  };
};

type Era = CalendarConfig['eras'][number];

const regularSession = (eras: readonly Era[], day: DateTime, date: string, early: string | undefined): Session | null => {
  const era = eras.findLast(({ from }) => from <= date) ?? eras[0];
  if (!era?.days.includes(day.weekday)) return null;
  const open = atWallClock(era.opensDayBefore ? day.minus({ days: 1 }) : day, era.open);
  const close = atWallClock(day, early ?? era.close);
  const halts = era.halts
    .map(({ from, to }) => ({ from: atWallClock(day, from), to: atWallClock(day, to) }))
    .filter(({ to }) => to < close);
  return close > open ? { date, open, close, halts } : null;
};

/**
 * The moment of a wall clock time (`HH:mm`, `24:00` for the next midnight) on a day, by the zone's rules of that day; epoch ms. Of a time that the
 * clock skips it is the moment at which it does.
 */
export const atWallClock = (day: DateTime, time: string): number => {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  if (hour === 24) return day.plus({ days: 1 }).startOf('day').toMillis();
  let moment = day.set({ hour, minute, second: 0, millisecond: 0 });
  const isSkipped = moment.hour !== hour || moment.minute !== minute;
  const before = (): DateTime => moment.minus({ minutes: 1 });
  while (isSkipped && before().offset === moment.offset) moment = before();
  return moment.toMillis();
};
