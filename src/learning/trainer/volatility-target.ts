import type { BarRange, BarSeries } from '../../domain/market/bars.js';

/** The auxiliary head's target at a bar for a horizon in bars. */
export type VolatilityTarget = (bar: number, horizon: number) => number;

/**
 * The auxiliary head's target: realised volatility, the root mean square of log returns, over the `horizon` bars after a bar, cut at its session's end,
 * in units of its mean over the sessions of `scaledBy`, by default all, at the longest horizon. 0 at the last bar of a session and outside the sessions.
 */
export const volatilityTarget = (
  { close, length }: BarSeries,
  sessions: readonly BarRange[],
  longest: number,
  scaledBy: readonly BarRange[] = sessions,
): VolatilityTarget => {
  const squares = new Float64Array(length + 1); // of the returns within the session, before each bar
  const last = new Int32Array(length); // of the bar's session; 0 outside the sessions
  for (const { from, to } of sessions)
    for (let bar = from; bar < to; bar++) {
      squares[bar + 1] = bar === from ? 0 : squares[bar]! + Math.log(close[bar]! / close[bar - 1]!) ** 2;
      last[bar] = to - 1;
    }
  const realised: VolatilityTarget = (bar, horizon) => {
    const end = Math.min(bar + horizon, last[bar]!);
    return end <= bar ? 0 : Math.sqrt(Math.max(0, squares[end + 1]! - squares[bar + 1]!) / (end - bar));
  };
  let [total, count] = [0, 0];
  for (const { from, to } of scaledBy) for (let bar = from; bar < to - 1; bar++, count++) total += realised(bar, longest);
  const scale = total > 0 ? count / total : 1;
  return (bar, horizon) => realised(bar, horizon) * scale;
};
