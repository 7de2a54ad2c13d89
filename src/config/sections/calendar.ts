import { z } from 'zod';

const date = z.iso.date();
/** `HH:mm` in the calendar's zone; `24:00` is the next midnight. */
export const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'expected HH:mm');

/** The regular hours from a date on. */
const era = z.strictObject({
  from: date,
  /** Days of the week with a session, 1 = Monday … 7 = Sunday; the day is the one that the session is named by. */
  days: z.array(z.number().int().min(1).max(7)).min(1),
  open: clockTime,
  /** The session opens on the calendar day before the one it is named by. */
  opensDayBefore: z.boolean().default(false),
  close: clockTime,
  /** Daily pauses inside a session. */
  halts: z.array(z.strictObject({ from: clockTime, to: clockTime })).default([]),
});

/** One file of `configs/calendars`: when an exchange trades. */
export const calendarConfig = z.strictObject({
  id: z.string(),
  /** IANA time zone of all times. */
  zone: z.string(),
  /** Where holidays come from. */
  source: z.string(),
  /** First and last day that holidays are known for; absent when there are none. */
  known: z.strictObject({ from: date, to: date }).optional(),
  eras: z.array(era).min(1),
  /** Days without a session. */
  closed: z.array(date).default([]),
  /** Sessions that end early: their day and the time. */
  early: z.record(date, clockTime).default({}),
});
export type CalendarConfig = z.infer<typeof calendarConfig>;
