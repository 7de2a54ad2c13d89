import assert from 'node:assert/strict';
import type { BarSeries } from '../../../src/domain/market/bars.js';
import { judgeQuality } from '../../../src/domain/market/quality.js';
import type { QualityReport } from '../../../src/domain/market/quality.js';
import { assignSessions } from '../../../src/market/assign-sessions.js';
import type { Calendar } from '../../../src/market/calendar.js';
import { assessQuality, qualityChecks } from '../../../src/market/quality/assess-quality.js';
import type { QualityInput } from '../../../src/market/quality/check.js';
import { shippedCalendar } from '../../support/market/calendars.js';
import { randomBars } from '../../support/market/random-bars.js';

const SESSION = 390;
const DAYS = 5;

/** Bars kept by `keep`, sessions unchanged. */
const onlyBars = (bars: BarSeries, keep: (bar: number) => boolean): BarSeries => {
  const pick = (column: Float64Array): Float64Array => column.filter((_, bar) => keep(bar));
  const [openTime, closeTime, open, high, low] = [bars.openTime, bars.closeTime, bars.open, bars.high, bars.low].map(pick);
  assert.ok(openTime && closeTime && open && high && low);
  const [close, volume, session] = [pick(bars.close), pick(bars.volume), bars.session.filter((_, bar) => keep(bar))];
  return { ...bars, length: close.length, openTime, closeTime, open, high, low, close, volume, session };
};
/** The same bars, with some prices replaced. */
const withPrices = (bars: BarSeries, column: 'open' | 'high' | 'low' | 'close', values: Record<number, number>): BarSeries => {
  const changed = bars[column].slice();
  for (const [bar, value] of Object.entries(values)) changed[Number(bar)] = value;
  return { ...bars, [column]: changed };
};

describe('the quality checks', () => {
  let calendar: Calendar;
  let clean: BarSeries;
  before(async () => {
    calendar = await shippedCalendar('us-equity');
    clean = randomBars({ sessions: DAYS, barsPerSession: SESSION });
    // Tuesday 2 January 2024 to Monday 8 January: the weekend's bars move to the next Monday and Tuesday.
    const weekend = (time: number): number => (time < Date.UTC(2024, 0, 6) ? time : time + 2 * 86_400_000);
    clean = { ...clean, openTime: clean.openTime.map(weekend), closeTime: clean.closeTime.map(weekend) };
  });

  const assess = (bars: BarSeries, more: Partial<QualityInput> = {}): QualityReport => {
    const { sessions } = assignSessions(calendar, bars);
    const ingested = { lines: bars.length, repaired: 0, quarantined: 0 };
    return assessQuality({
      bars,
      sessions,
      calendar,
      tickSize: 0.25,
      overlaps: 0,
      closedSession: { count: 0, closeTimes: [] },
      ingested,
      ...more,
    });
  };
  const affected = (report: QualityReport): Record<string, number> =>
    Object.fromEntries(report.findings.filter((finding) => finding.affected > 0).map((finding) => [finding.check, finding.affected]));

  it('find nothing in clean bars, whose score is 1', () => {
    const report = assess(clean);
    assert.deepEqual([affected(report), report.score, report.sessions], [{}, 1, DAYS]);
  });

  const at = 2 * SESSION + 100;
  const faults: Record<string, { plant: () => QualityReport; bars: number }> = {
    completeness: { plant: () => assess(onlyBars(clean, (bar) => bar < at || bar >= at + 40)), bars: 40 },
    'malformed-lines': { plant: () => assess(clean, { ingested: { lines: 1_957, repaired: 0, quarantined: 7 } }), bars: 7 },
    'closed-session-prints': { plant: () => assess(clean, { closedSession: { count: 3, closeTimes: [Date.UTC(2024, 0, 6)] } }), bars: 3 },
    consistency: { plant: () => assess(withPrices(clean, 'low', { [at]: (clean.high[at] ?? 0) + 0.25 })), bars: 1 },
    'off-tick': {
      plant: () => assess(withPrices(clean, 'close', { [at]: ((clean.open[at] ?? 0) + (clean.high[at] ?? 0)) / 2 + 0.01 })),
      bars: 1,
    },
    spikes: { plant: () => assess(withPrices(clean, 'high', { [at]: 4 * (clean.high[at] ?? 0) })), bars: 1 },
    'flat-runs': { plant: () => assess(stuck(clean, at, 60)), bars: 60 },
  };

  for (const [check, { plant, bars }] of Object.entries(faults)) {
    it(`find a planted fault of ${check}, say where or why, and take off its share`, () => {
      const report = plant();
      assert.equal(affected(report)[check], bars);
      const finding = report.findings.find((candidate) => candidate.check === check);
      assert.ok(finding && finding.message.includes(String(bars)) && report.score < 1 && report.score > 0.9);
    });
  }

  it('each have a planted fault here', () =>
    assert.deepEqual(
      Object.keys(faults),
      qualityChecks.map(({ name }) => name),
    ));

  it('do not take 59 bars at one price for a stuck feed', () => assert.deepEqual(affected(assess(stuck(clean, at, 59))), {}));

  it('do not take a jump that stays for a spike', () => {
    const after = (column: Float64Array): Float64Array => column.map((price, bar) => (bar < at ? price : price * 4));
    const jumped = { ...clean, open: after(clean.open), high: after(clean.high), low: after(clean.low), close: after(clean.close) };
    assert.deepEqual(affected(assess(jumped)), {});
  });

  it('count a missing session whole', () => {
    const report = assess(onlyBars(clean, (bar) => clean.session[bar] !== 2));
    assert.deepEqual(affected(report), { completeness: SESSION });
    assert.match(report.findings[0]?.examples[0] ?? '', /^2024-01-04T14:30:00.000Z to 2024-01-04T21:00:00.000Z: 390 bars missing$/);
  });

  it('take scattered minutes without a trade for thin trading, but not a long gap in them', () => {
    const thin = onlyBars(clean, (bar) => (bar * 7_919) % 10 > 1 || bar === 0 || bar === clean.length - 1);
    assert.deepEqual(affected(assess(thin)), {});
    const gap = onlyBars(thin, (bar) => bar < 700 || bar >= 732);
    assert.ok((affected(assess(gap)).completeness ?? 0) >= 32);
  });

  it('say that holidays after the calendar’s end are not known', () => {
    const later = (column: Float64Array): Float64Array => column.map((time) => time + 364 * 5 * 86_400_000);
    const notes = assess({ ...clean, openTime: later(clean.openTime), closeTime: later(clean.closeTime) }).notes;
    assert.ok(notes.some((note) => note.includes('2027-12-31')));
  });

  it('hold bars below the threshold back, with the worst finding first', () => {
    const report = assess(
      onlyBars(clean, (bar) => clean.session[bar] !== 2),
      { ingested: { lines: 1_957, repaired: 0, quarantined: 7 } },
    );
    const { passed, reason } = judgeQuality(report, 0.95);
    assert.equal(passed, false);
    assert.match(reason, /below 0\.95, so nothing is trained\. 390 of 1950 expected bars are missing.*7 of 1957 lines are malformed/);
    assert.equal(judgeQuality(assess(clean), 0.95).passed, true);
  });
});

const stuck = (bars: BarSeries, from: number, count: number): BarSeries => {
  const price = bars.close[from] ?? 0;
  const held = (column: Float64Array): Float64Array => column.map((value, bar) => (bar >= from && bar < from + count ? price : value));
  // The bar before and after must not carry on the run by accident.
  const high = held(bars.high).map((value, bar) => (bar === from - 1 || bar === from + count ? Math.max(value, price + 0.25) : value));
  return { ...bars, open: held(bars.open), high, low: held(bars.low), close: held(bars.close) };
};
