import type { BarSeries } from '../../domain/market/bars.js';
import { sessionRegimes } from '../../domain/market/market-regime.js';
import type { Session } from '../../market/calendar.js';
import type { RecentMarket } from '../../serving/decision.js';

/**
 * Bars with the bounds and the regime of the session that the last is in; null when there are none. `sessions` are those that `bars.session` indexes;
 * `history` are the same bars and more before them, where there are more.
 */
export const recentMarket = (bars: BarSeries, sessions: readonly Session[], history = bars): RecentMarket | null => {
  const current = sessions[bars.session.at(-1) ?? -1];
  if (current === undefined) return null;
  const regime = sessionRegimes(history).at(-1) ?? null;
  return { bars, sessionOpen: firstOpen(bars) ?? current.open, sessionClose: current.close, regime };
};

/** The open of the current session's first bar, which is what training counts from; null when it may lie before these bars. */
const firstOpen = ({ session, openTime }: BarSeries): number | null => {
  const first = session.indexOf(session.at(-1) ?? -1);
  return first > 0 ? (openTime[first] ?? null) : null;
};

/** Bars [from, to) of a series. */
export const sliceBars = (bars: BarSeries, from: number, to: number): BarSeries => ({
  ...bars,
  length: Math.max(0, to - from),
  openTime: bars.openTime.slice(from, to),
  closeTime: bars.closeTime.slice(from, to),
  open: bars.open.slice(from, to),
  high: bars.high.slice(from, to),
  low: bars.low.slice(from, to),
  close: bars.close.slice(from, to),
  volume: bars.volume.slice(from, to),
  session: bars.session.slice(from, to),
});
