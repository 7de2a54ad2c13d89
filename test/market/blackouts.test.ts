import assert from 'node:assert/strict';
import { findBlackouts } from '../../src/market/blackouts.js';
import type { BlackoutWindow } from '../../src/domain/learner/blackout.js';
import { shippedCalendar } from '../support/market/calendars.js';

const at = (iso: string): number => Date.parse(iso);
const shown = (intervals: readonly { fromMs: number; toMs: number }[]): string[] =>
  intervals.map(({ fromMs, toMs }) => `${new Date(fromMs).toISOString().slice(0, 16)} ${new Date(toMs).toISOString().slice(0, 16)}`);

const night: BlackoutWindow = { days: [5], from: '22:00', to: '02:00', zone: 'America/New_York' };

describe('findBlackouts', () => {
  it('moves with the clock of its zone, over midnight and over both changes of the clock', async () => {
    const calendar = await shippedCalendar('always');
    const found = (from: string, to: string): string[] =>
      shown(findBlackouts({ windows: [{ ...night, days: [6] }], sessions: 'none' }, calendar, at(from), at(to)));
    assert.deepEqual(found('2026-03-01T00:00Z', '2026-03-16T00:00Z'), [
      '2026-03-01T03:00 2026-03-01T07:00',
      '2026-03-08T03:00 2026-03-08T07:00',
      '2026-03-15T02:00 2026-03-15T06:00',
    ]);
    assert.deepEqual(found('2026-10-31T00:00Z', '2026-11-02T00:00Z'), ['2026-11-01T02:00 2026-11-01T07:00']);
  });

  it('ends with the change of a clock that skips its end, and is not there where the clock skips all of it', async () => {
    const calendar = await shippedCalendar('always');
    const onSunday = (from: string, to: string): string[] =>
      shown(findBlackouts({ windows: [{ days: [7], from, to, zone: 'America/New_York' }], sessions: 'none' }, calendar, at('2026-03-08T00:00Z'), at('2026-03-09T00:00Z'))); // prettier-ignore
    assert.deepEqual(onSunday('01:30', '02:30'), ['2026-03-08T06:30 2026-03-08T07:00']);
    assert.deepEqual(onSunday('02:15', '03:30'), ['2026-03-08T07:00 2026-03-08T07:30']);
    assert.deepEqual(onSunday('02:15', '02:45'), []);
  });

  it('takes the sessions of the calendar: none on a holiday, half of one before it', async () => {
    const calendar = await shippedCalendar('us-equity');
    assert.deepEqual(
      shown(findBlackouts({ windows: [], sessions: 'regular' }, calendar, at('2026-11-25T22:00Z'), at('2026-11-28T00:00Z'))),
      ['2026-11-27T14:30 2026-11-27T18:00'],
    );
  });

  it('joins what overlaps, and takes the zone of the calendar where a window names none', async () => {
    const calendar = await shippedCalendar('us-equity');
    const windows = [{ days: [1], from: '15:00', to: '17:00', zone: null }];
    assert.deepEqual(shown(findBlackouts({ windows, sessions: 'regular' }, calendar, at('2026-06-01T00:00Z'), at('2026-06-02T00:00Z'))), [
      '2026-06-01T13:30 2026-06-01T21:00',
    ]);
  });

  it('refuses a time zone that does not exist', async () => {
    const calendar = await shippedCalendar('always');
    const windows = [{ ...night, zone: 'Mars/Olympus' }];
    assert.throws(() => findBlackouts({ windows, sessions: 'none' }, calendar, 0, 1), /Mars\/Olympus/);
  });
});
