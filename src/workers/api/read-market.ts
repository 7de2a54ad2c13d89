import type { Markets } from '../../activities/dependencies.js';
import type { BarSeries } from '../../domain/market/bars.js';
import { aggregateBars } from '../../market/aggregate.js';
import { assignSessions } from '../../market/assign-sessions.js';
import { joinClosingPrints } from '../../market/ingest/join-closing-prints.js';
import type { Calendar } from '../../market/calendar.js';
import type { PolicyServerOptions } from '../../serving/create-policy-server.js';
import { UnanswerableRequest, type BarRow } from '../../serving/decision.js';
import { recentMarket } from './recent-market.js';

/**
 * The bars that an executor sends, as training would have read them: their length is the commonest distance of two stamps, those outside every
 * session are left out, shorter ones are joined. Throws `UnanswerableRequest`.
 */
export const createReadMarket = (markets: Markets): PolicyServerOptions['readMarket'] => {
  const calendars = new Map<string, Calendar>();
  const calendarOf = (id: string): Calendar => {
    const calendar = calendars.get(id) ?? markets.calendarOf(markets.instrument(id));
    calendars.set(id, calendar);
    return calendar;
  };
  return (id, frequencyMs, rows) => {
    assertRows(rows);
    const calendar = calendarOf(id);
    const sentMs = commonestDistance(rows) ?? frequencyMs;
    if (frequencyMs % sentMs !== 0)
      throw new UnanswerableRequest(
        `the bars sent are ${sentMs / 1_000} s apart and the model decides on bars of ${frequencyMs / 1_000} s: expected these, or shorter ones that join to them`,
      );
    const all = seriesOf(id, sentMs, rows);
    const { session, sessions } = assignSessions(calendar, all);
    const inside = rows.filter((_, bar) => session[bar] !== -1);
    const traded = { ...seriesOf(id, sentMs, inside), session: session.filter((ordinal) => ordinal !== -1) };
    const bars = aggregateBars(joinClosingPrints(traded, sessions), sessions, frequencyMs);
    const market = recentMarket(bars, sessions);
    if (market === null)
      throw new UnanswerableRequest(
        `none of the ${rows.length} bars sent is a whole bar of ${frequencyMs / 1_000} s within a session of calendar ${calendar.id}`,
      );
    return market;
  };
};

const seriesOf = (instrument: string, frequencyMs: number, rows: readonly BarRow[]): BarSeries => {
  const column = (name: keyof BarRow): Float64Array => Float64Array.from(rows, (row) => row[name]);
  const closeTime = column('closeTime');
  return {
    instrument,
    frequencyMs,
    length: rows.length,
    openTime: closeTime.map((stamp) => stamp - frequencyMs),
    closeTime,
    open: column('open'),
    high: column('high'),
    low: column('low'),
    close: column('close'),
    volume: column('volume'),
    session: new Int32Array(rows.length),
  };
};

/** Sessions are looked up day by day. */
const LONGEST_SPAN_MS = 20 * 366 * 86_400_000;

const assertRows = (rows: readonly BarRow[]): void => {
  const [from, to] = [rows[0]?.closeTime ?? NaN, rows.at(-1)?.closeTime ?? NaN];
  if (!(to - from <= LONGEST_SPAN_MS))
    throw new UnanswerableRequest(
      `the bars sent reach from ${isoTime(from)} to ${isoTime(to)}: expected at least one, and 20 years at most`,
    );
  rows.forEach(({ closeTime, open, high, low, close }, at) => {
    const before = rows[at - 1];
    if (before !== undefined && closeTime <= before.closeTime)
      throw new UnanswerableRequest(
        `bars[${at}] closes at ${isoTime(closeTime)}, not after bars[${at - 1}] at ${isoTime(before.closeTime)}: expected bars in the order of time, each once`,
      );
    if (high < Math.max(open, close, low) || low > Math.min(open, close))
      throw new UnanswerableRequest(
        `bars[${at}] is no bar: open ${open}, high ${high}, low ${low}, close ${close}; expected low <= open, close <= high`,
      );
  });
};

const isoTime = (stamp: number): string => new Date(stamp).toISOString();

/** The shorter of two equally common ones; null with fewer than two rows. */
const commonestDistance = (rows: readonly BarRow[]): number | null => {
  const counts = new Map<number, number>();
  for (const [at, { closeTime }] of rows.entries()) {
    const before = rows[at - 1];
    if (before !== undefined) counts.set(closeTime - before.closeTime, (counts.get(closeTime - before.closeTime) ?? 0) + 1);
  }
  const [first] = [...counts].sort(([a, timesA], [b, timesB]) => timesB - timesA || a - b);
  return first?.[0] ?? null;
};
