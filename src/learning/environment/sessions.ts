import { sessionStarts, type BarRange, type BarSeries } from '../../domain/market/bars.js';
import { sessionRegimes, type MarketRegime } from '../../domain/market/market-regime.js';

/**
 * The sessions within `range`, without bars before `firstBar` (the first with a whole observation) and without sessions too short to trade in; those of one
 * regime where it is given.
 */
export const tradableSessions = (
  bars: Pick<BarSeries, 'length' | 'session' | 'close'>,
  range: BarRange,
  firstBar: number,
  regime?: MarketRegime,
): readonly BarRange[] => {
  const starts = sessionStarts(bars);
  const regimes = regime === undefined ? null : sessionRegimes(bars);
  const sessions: BarRange[] = [];
  for (let i = 0; i + 1 < starts.length; i++) {
    if (regimes !== null && regimes[i] !== regime) continue;
    const from = Math.max(starts[i]!, range.from, firstBar);
    const to = Math.min(starts[i + 1]!, range.to);
    if (to - from >= 2) sessions.push({ from, to });
  }
  return sessions;
};
