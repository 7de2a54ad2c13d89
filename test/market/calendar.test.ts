import assert from 'node:assert/strict';
import { readCalendars } from '../../src/config/read-files.js';
import { assignSessions } from '../../src/market/assign-sessions.js';
import { createCalendar } from '../../src/market/calendar.js';
import type { Calendar } from '../../src/market/calendar.js';

const DAY = 86_400_000;
const shipped = async (id: string): Promise<Calendar> => {
  const config = (await readCalendars()).get(id);
  assert.ok(config);
  return createCalendar(config);
};
const sessionsOf = async (id: string, from: string, days: number): Promise<string[]> =>
  (await shipped(id))
    .sessions(Date.parse(from), Date.parse(from) + days * DAY)
    .map(
      ({ date, open, close }) => `${date}: ${new Date(open).toISOString().slice(5, 16)} to ${new Date(close).toISOString().slice(5, 16)}`,
    );

describe('the calendar', () => {
  it('of CME equity futures names a session by the day after its evening start', async () => {
    assert.deepEqual(await sessionsOf('cme-equity', '2022-02-16T12:00Z', 1), [
      '2022-02-16: 02-15T23:00 to 02-16T22:00',
      '2022-02-17: 02-16T23:00 to 02-17T22:00',
    ]);
  });

  it('of CME equity futures ends at noon in Chicago on Presidents’ Day and is closed on Christmas', async () => {
    assert.deepEqual(await sessionsOf('cme-equity', '2022-02-21T00:00Z', 0.5), ['2022-02-21: 02-20T23:00 to 02-21T18:00']);
    assert.deepEqual(await sessionsOf('cme-equity', '2023-12-24T23:30Z', 0.5), []);
  });

  it('of CME equity futures moves with the clocks of Chicago, not with those of Europe', async () => {
    assert.deepEqual(await sessionsOf('cme-equity', '2024-03-08T12:00Z', 3), [
      '2024-03-08: 03-07T23:00 to 03-08T22:00',
      '2024-03-11: 03-10T22:00 to 03-11T21:00',
    ]);
  });

  it('of CME equity futures knew a quarter-hour pause and a later close in 2013', async () => {
    const [session] = (await shipped('cme-equity')).sessions(Date.parse('2013-10-08T12:00Z'), Date.parse('2013-10-08T13:00Z'));
    assert.deepEqual(session?.halts, [{ from: Date.parse('2013-10-08T20:15Z'), to: Date.parse('2013-10-08T20:30Z') }]);
    assert.equal(session.close, Date.parse('2013-10-08T21:15Z'));
  });

  it('of US equities opens at half past nine in New York, and has half days', async () => {
    assert.deepEqual(await sessionsOf('us-equity', '2024-11-28T00:00Z', 2), ['2024-11-29: 11-29T14:30 to 11-29T18:00']);
  });

  it('that never closes has one session a UTC day', async () => {
    assert.deepEqual(await sessionsOf('always', '2024-03-10T12:00Z', 1), [
      '2024-03-10: 03-10T00:00 to 03-11T00:00',
      '2024-03-11: 03-11T00:00 to 03-12T00:00',
    ]);
  });

  it('refuses a time zone that does not exist', () => {
    const eras = [{ from: '2000-01-01', days: [1], open: '09:00', opensDayBefore: false, close: '10:00', halts: [] }];
    assert.throws(() => createCalendar({ id: 'x', zone: 'Mars/Olympus', source: '', eras, closed: [], early: {} }), /Mars\/Olympus/);
  });
});

describe('assignSessions', () => {
  const assign = async (...closes: string[]) => {
    const closeTime = Float64Array.from(closes, (time) => Date.parse(time));
    return assignSessions(await shipped('cme-equity'), { openTime: closeTime.map((time) => time - 60_000), closeTime });
  };

  it('gives a bar to the session that it closes in: from the first minute to the one of the closing print', async () => {
    const times = ['2022-02-16T23:00Z', '2022-02-16T23:01Z', '2022-02-17T22:00Z', '2022-02-17T22:01Z', '2022-02-17T22:02Z'];
    const { session, sessions } = await assign(...times);
    assert.deepEqual([...session], [-1, 0, 0, 0, -1]);
    assert.deepEqual(
      sessions.map(({ date }) => date),
      ['2022-02-17'],
    );
  });

  it('begins a new session at once where one begins at the close of another', async () => {
    const closeTime = Float64Array.of(Date.parse('2024-01-02T00:00Z'), Date.parse('2024-01-02T00:01Z'));
    const { session } = assignSessions(await shipped('always'), { openTime: closeTime.map((time) => time - 60_000), closeTime });
    assert.deepEqual([...session], [0, 1]);
  });

  it('numbers only the sessions that have bars', async () => {
    const { session, sessions } = await assign('2022-02-14T12:00Z', '2022-02-17T12:00Z', '2022-02-18T12:00Z');
    assert.deepEqual([...session], [0, 1, 2]);
    assert.deepEqual(
      sessions.map(({ date }) => date),
      ['2022-02-14', '2022-02-17', '2022-02-18'],
    );
  });

  it('has nothing to assign without bars', async () => assert.deepEqual((await assign()).sessions, []));
});
