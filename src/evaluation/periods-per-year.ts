import type { BarRange, BarSeries } from '../domain/market/bars.js';
import { sessionRegimes, type MarketRegime } from '../domain/market/market-regime.js';
import { tradableSessions } from '../learning/environment/sessions.js';

/** Sessions in a year of a market that trades every day, and of one that rests at weekends. */
const SESSIONS_PER_YEAR = { everyDay: 365, weekdays: 252 } as const;

/**
 * Bars with a return in a year, for annualising: the median of them per session times the sessions in a year, 365 where sessions close on more than
 * five days of the week (UTC), else 252; of a regime, its share of those sessions of `bars` whose regime can be told. Throws `RangeError` without sessions.
 */
export const periodsPerYear = (
  bars: Pick<BarSeries, 'length' | 'session' | 'close' | 'closeTime'>,
  sessions: readonly BarRange[],
  regime?: MarketRegime,
): number => {
  if (sessions.length === 0) throw new RangeError('periods per year cannot be told from no sessions: expected at least one');
  const lengths = sessions.map(({ from, to }) => to - from - 1).sort((a, b) => a - b);
  const all = regime === undefined ? sessions : tradableSessions(bars, { from: 0, to: bars.length }, 0);
  const weekdays = new Set(all.map(({ to }) => new Date(bars.closeTime[to - 1]! - 1).getUTCDay())); // a close at midnight ends the day before
  const perYear = weekdays.size > 5 ? SESSIONS_PER_YEAR.everyDay : SESSIONS_PER_YEAR.weekdays;
  return lengths[Math.floor(lengths.length / 2)]! * perYear * (regime === undefined ? 1 : shareOf(regime, bars));
};

const shareOf = (regime: MarketRegime, bars: Pick<BarSeries, 'length' | 'session' | 'close'>): number => {
  const told = sessionRegimes(bars).filter((label) => label !== null);
  return told.filter((label) => label === regime).length / told.length;
};
