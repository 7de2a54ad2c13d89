import { sessionStarts, type BarRange, type BarSeries } from '../../domain/market/bars.js';

/** The sessions within `range`, without bars before `firstBar` (the first with a whole observation) and without sessions too short to trade in. */
export const tradableSessions = (bars: Pick<BarSeries, 'length' | 'session'>, range: BarRange, firstBar: number): readonly BarRange[] => {
  const starts = sessionStarts(bars);
  const sessions: BarRange[] = [];
  for (let i = 0; i + 1 < starts.length; i++) {
    const from = Math.max(starts[i]!, range.from, firstBar);
    const to = Math.min(starts[i + 1]!, range.to);
    if (to - from >= 2) sessions.push({ from, to });
  }
  return sessions;
};
