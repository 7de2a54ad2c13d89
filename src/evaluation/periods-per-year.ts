import type { BarRange, BarSeries } from '../domain/market/bars.js';

/** Sessions in a year of a market that trades every day, and of one that rests at weekends. */
const SESSIONS_PER_YEAR = { everyDay: 365, weekdays: 252 } as const;

/**
 * Bars with a return in a year, for annualising: the median of them per session times the sessions in a year, 365 where sessions close on more than
 * five days of the week (UTC), else 252. Throws `RangeError` without sessions.
 */
export const periodsPerYear = ({ closeTime }: Pick<BarSeries, 'closeTime'>, sessions: readonly BarRange[]): number => {
  if (sessions.length === 0) throw new RangeError('periods per year cannot be told from no sessions: expected at least one');
  const lengths = sessions.map(({ from, to }) => to - from - 1).sort((a, b) => a - b);
  const weekdays = new Set(sessions.map(({ to }) => new Date(closeTime[to - 1]! - 1).getUTCDay())); // a close at midnight ends the day before
  return lengths[Math.floor(lengths.length / 2)]! * (weekdays.size > 5 ? SESSIONS_PER_YEAR.everyDay : SESSIONS_PER_YEAR.weekdays);
};
