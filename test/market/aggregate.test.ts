import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { BarSeries } from '../../src/domain/market/bars.js';
import { aggregateBars } from '../../src/market/aggregate.js';
import { assignSessions } from '../../src/market/assign-sessions.js';
import type { Calendar } from '../../src/market/calendar.js';
import { shippedCalendar } from '../support/market/calendars.js';
import { randomBars } from '../support/market/random-bars.js';

const MINUTE = 60_000;

describe('aggregateBars', () => {
  let calendar: Calendar;
  before(async () => {
    calendar = await shippedCalendar('us-equity');
  });
  /** Two sessions of New York, 390 minutes each. */
  const twoSessions = (): BarSeries => randomBars({ sessions: 2, barsPerSession: 390 });
  const join = (bars: BarSeries, minutes: number): BarSeries =>
    aggregateBars(bars, assignSessions(calendar, bars).sessions, minutes * MINUTE);
  const until = (bars: BarSeries, length: number): BarSeries => ({
    ...bars,
    length,
    openTime: bars.openTime.slice(0, length),
    closeTime: bars.closeTime.slice(0, length),
    open: bars.open.slice(0, length),
    high: bars.high.slice(0, length),
    low: bars.low.slice(0, length),
    close: bars.close.slice(0, length),
    volume: bars.volume.slice(0, length),
    session: bars.session.slice(0, length),
  });

  it('counts from the session’s open and ends its last bar with the session', () => {
    const hours = join(twoSessions(), 60);
    assert.equal(hours.length, 14);
    const times = [0, 5, 6, 7].map((bar) => [
      new Date(hours.openTime[bar]!).toISOString().slice(5, 16),
      (hours.closeTime[bar]! - hours.openTime[bar]!) / MINUTE,
    ]);
    assert.deepEqual(times, [
      ['01-02T14:30', 60],
      ['01-02T19:30', 60],
      ['01-02T20:30', 30],
      ['01-03T14:30', 60],
    ]);
    assert.deepEqual([...hours.session], [0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1]);
  });

  it('leaves out the bar that the data ends in the middle of, and keeps it when its last minute is there', () => {
    assert.equal(join(until(twoSessions(), 59), 5).length, 11);
    assert.equal(join(until(twoSessions(), 60), 5).length, 12);
  });

  it('gives back the same bars for the same length', () => {
    const bars = twoSessions();
    assert.equal(join(bars, 1), bars);
  });

  it('refuses a length that is no multiple', () => {
    const fives = join(twoSessions(), 5);
    assert.throws(() => join(fives, 7), RangeError);
  });

  it('keeps the first open, last close, highest high, lowest low and the volume of what it joins, whatever bars are missing', () => {
    const all = twoSessions();
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 780, maxLength: 780 }), fc.constantFrom(2, 5, 7, 30, 60, 1_440), (kept, minutes) => {
        const pick = (column: Float64Array): Float64Array => column.filter((_, bar) => kept[bar]);
        const [openTime, closeTime, open, high] = [pick(all.openTime), pick(all.closeTime), pick(all.open), pick(all.high)];
        const [low, close, volume] = [pick(all.low), pick(all.close), pick(all.volume)];
        const { session, sessions } = assignSessions(calendar, { openTime, closeTime });
        const bars = { ...all, length: close.length, openTime, closeTime, open, high, low, close, volume, session };
        const joined = aggregateBars(bars, sessions, minutes * MINUTE);
        for (let j = 0, from = 0; j < joined.length; j++) {
          let to = from;
          while (to < bars.length && bars.openTime[to]! < joined.closeTime[j]!) to++;
          assert.ok(to > from && bars.openTime[from]! >= joined.openTime[j]! && bars.session[from] === joined.session[j]);
          assert.equal(joined.open[j], bars.open[from]);
          assert.equal(joined.close[j], bars.close[to - 1]);
          assert.equal(joined.high[j], Math.max(...bars.high.subarray(from, to)));
          assert.equal(joined.low[j], Math.min(...bars.low.subarray(from, to)));
          assert.equal(
            joined.volume[j],
            bars.volume.subarray(from, to).reduce((a, b) => a + b, 0),
          );
          from = to;
        }
      }),
      { numRuns: 30 },
    );
  });
});
