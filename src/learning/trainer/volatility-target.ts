import type { BarRange, BarSeries } from '../../domain/bars.js';

/**
 * The auxiliary head's target by bar: realised volatility, the root mean square of log returns, over the `horizon` bars after the bar, cut
 * at its session's end, in units of its mean over all given sessions. 0 at the last bar of a session and outside the sessions.
 */
export const volatilityTargets = ({ close, length }: BarSeries, sessions: readonly BarRange[], horizon: number): Float32Array => {
  const targets = new Float32Array(length);
  const squares = new Float64Array(length + 1);
  let [total, count] = [0, 0];
  for (const { from, to } of sessions) {
    for (let bar = from + 1; bar < to; bar++)
      squares[bar + 1] = (bar === from + 1 ? 0 : squares[bar]!) + Math.log(close[bar]! / close[bar - 1]!) ** 2;
    squares[from + 1] = 0;
    for (let bar = from; bar < to - 1; bar++) {
      const end = Math.min(bar + horizon, to - 1);
      const volatility = Math.sqrt(Math.max(0, squares[end + 1]! - squares[bar + 1]!) / (end - bar));
      targets[bar] = volatility;
      total += volatility;
      count++;
    }
  }
  if (total > 0) for (let bar = 0; bar < length; bar++) targets[bar]! *= count / total;
  return targets;
};
