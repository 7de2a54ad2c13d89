import { LOOK_BACK_BARS, marketConditions } from '../experience/market-conditions.js';
import { sessionStarts, type BarSeries } from './bars.js';

/** What a market is like when a session begins. */
export const marketRegimes = ['calm', 'trending', 'stressed'] as const;
export type MarketRegime = (typeof marketRegimes)[number];

/** Sessions, two weeks or so, that say what is usual; an odd number has a middle. */
const USUAL_SESSIONS = 11;
/** The volatility of 120 bars is known to about a tenth (√((κ − 1) / 480) of itself, with a kurtosis κ of 6): half as much again is not chance. */
const STRESSED = 1.5;

/** What a regime cannot be told without. */
export const REGIME_NEEDS = `the ${USUAL_SESSIONS} sessions before it, and ${LOOK_BACK_BARS} bars before the first of these`;

/**
 * The regime of each session, told before it begins, from the conditions at the last bar before it: stressed where the volatility is more than 1.5 times
 * the median of what it was before each of the eleven sessions before, at the same time of day, which takes the hours' own volatility out of the comparison;
 * else trending where there is a trend, else calm. Null where there are too few bars to tell.
 */
export const sessionRegimes = (bars: Pick<BarSeries, 'length' | 'session' | 'close'>): (MarketRegime | null)[] => {
  const starts = [...sessionStarts(bars).subarray(0, -1)];
  const conditions = starts.map((start) => (start > LOOK_BACK_BARS ? marketConditions(bars.close, start - 1, 1) : null));
  return conditions.map((now, session) => {
    const before = conditions.slice(Math.max(0, session - USUAL_SESSIONS), session).filter((past) => past !== null);
    if (now === null || before.length < USUAL_SESSIONS) return null;
    const usual = before.map(({ volatility }) => volatility).sort((a, b) => a - b)[(USUAL_SESSIONS - 1) / 2] ?? NaN;
    if (now.volatility > STRESSED * usual) return 'stressed';
    return now.trend === 'neutral' ? 'calm' : 'trending';
  });
};
