import type { BarRange, BarSeries } from '../../domain/market/bars.js';

/**
 * What training rewards are multiplied by, so that one typical bar (root mean square of returns within the sessions) at the largest position
 * is worth 1: rewards of 1e-4 would drown in the network's initial noise. Throws `RangeError` when prices never move.
 */
export const rewardScale = ({ close }: BarSeries, sessions: readonly BarRange[], maxPosition: number): number => {
  let [squares, count] = [0, 0];
  for (const { from, to } of sessions)
    for (let bar = from + 1; bar < to; bar++) {
      squares += (close[bar]! / close[bar - 1]! - 1) ** 2;
      count++;
    }
  const scale = 1 / (maxPosition * Math.sqrt(squares / count));
  if (!(scale > 0 && scale < Infinity))
    throw new RangeError(
      `prices of ${count} bars in ${sessions.length} training sessions never move: expected bars that change, check the source`,
    );
  return scale;
};
