import { EXAMPLES, isoTime } from './check.js';
import type { QualityCheck } from './check.js';

/** Bars outside every session of the calendar, which were left out. */
export const closedSessionPrints: QualityCheck = {
  name: 'closed-session-prints',
  run: ({ bars, calendar, closedSession: { count, closeTimes } }) => ({
    affected: count,
    of: bars.length + count,
    message:
      count === 0
        ? ''
        : `${count} bars lie outside the sessions of calendar ${calendar.id} and were left out: check the calendar, or the source's time zone.`,
    examples: closeTimes.slice(0, EXAMPLES).map((time) => `${isoTime(time)}: outside every session`),
  }),
};
