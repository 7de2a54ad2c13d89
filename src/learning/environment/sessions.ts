import { sessionStarts, type BarRange, type BarSeries } from '../../domain/market/bars.js';
import { marketRegimes, sessionRegimes, type MarketRegime } from '../../domain/market/market-regime.js';

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

/** Why a regime's model cannot be trained on bars that are split so; null when it can. Sessions are those with a whole observation. */
export const missingRegime = (
  bars: Pick<BarSeries, 'length' | 'session' | 'close'>,
  { training, evaluation }: { readonly training: BarRange; readonly evaluation: BarRange },
  firstBar: number,
  regime: MarketRegime,
): string | null => {
  for (const [range, of] of [
    [training, 'to train on'],
    [evaluation, 'held out'],
  ] as const) {
    const sessionsOf = (wanted?: MarketRegime): number => tradableSessions(bars, range, firstBar, wanted).length;
    if (sessionsOf(regime) > 0) continue;
    const untold = marketRegimes.reduce((rest, told) => rest - sessionsOf(told), sessionsOf());
    return `none of ${sessionsOf()} sessions ${of} is ${regime} (${untold} have too few bars before them to tell): more history is needed, or no model for this regime`;
  }
  return null;
};
