import assert from 'node:assert/strict';
import { readCalendars } from '../../../src/config/read-files.js';
import { createCalendar } from '../../../src/market/calendar.js';
import type { Calendar } from '../../../src/market/calendar.js';

/** One of the shipped calendars. */
export const shippedCalendar = async (id: string): Promise<Calendar> => {
  const config = (await readCalendars()).get(id);
  assert.ok(config, `there is no calendar ${id}`);
  return createCalendar(config);
};
