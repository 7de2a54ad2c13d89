import type { BarSeries } from '../domain/market/bars.js';
import type { TradePath } from './trade-facts.js';

/** Bars before the entry by which a usual move is told. */
const BEFORE = 120;

/**
 * What the price did while a trade was held: its bars are those that open at or after the decision and close within the time held. Null where they, or
 * twenty bars before them, are not among `bars`.
 */
export const tradePath = (
  { openTime, closeTime, high, low, close, length }: BarSeries,
  { decisionMs, durationSeconds, side, entryPrice }: { decisionMs: number; durationSeconds: number; side: 1 | -1; entryPrice: number },
): TradePath | null => {
  const first = firstAtOrAfter(openTime, length, decisionMs);
  const opened = openTime[first];
  if (opened === undefined || first < 20 || !(entryPrice > 0)) return null;
  const until = opened + 1_000 * durationSeconds;
  let [best, worst, bestBar, worstBar, last] = [0, 0, 0, 0, -1];
  for (let bar = first; bar < length && (closeTime[bar] ?? Infinity) <= until; bar++) {
    const [top, bottom] = [high[bar] ?? NaN, low[bar] ?? NaN];
    const forIt = side === 1 ? top - entryPrice : entryPrice - bottom;
    const against = side === 1 ? entryPrice - bottom : top - entryPrice;
    if (forIt > best) [best, bestBar] = [forIt, bar - first + 1];
    if (against > worst) [worst, worstBar] = [against, bar - first + 1];
    last = bar;
  }
  if (last === -1) return null;
  return {
    favourable: best / entryPrice,
    adverse: worst / entryPrice,
    captured: (side * ((close[last] ?? NaN) - entryPrice)) / entryPrice,
    usual: deviation(close, first) * Math.sqrt(last - first + 1),
    barsToFavourable: bestBar,
    barsToAdverse: worstBar,
  };
};

/** Of the log returns of the bars before `bar`. */
const deviation = (close: Float64Array, bar: number): number => {
  let [sum, squares, count] = [0, 0, 0];
  for (let at = Math.max(1, bar - BEFORE); at < bar; at++, count++) {
    const change = Math.log((close[at] ?? NaN) / (close[at - 1] ?? NaN));
    sum += change;
    squares += change * change;
  }
  return count < 2 ? 0 : Math.sqrt(Math.max(0, (squares - (sum * sum) / count) / (count - 1)));
};

const firstAtOrAfter = (times: Float64Array, length: number, time: number): number => {
  let [from, to] = [0, length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((times[middle] ?? Infinity) < time) from = middle + 1;
    else to = middle;
  }
  return from;
};
