import type { BarSeries } from '../../domain/market/bars.js';

/** Most cuts at bars that tell, and cuts spread evenly over the series besides. */
const TELLTALE = 64;
const SPREAD = 32;

/**
 * Places to cut a series at, each the number of bars before it, in order: right after bars without trades and before missing ones, where a gap
 * that is filled from behind takes its value from the next bar, and spread over the series.
 */
export const telltaleCuts = ({ length, volume, high, low, openTime, closeTime }: BarSeries): readonly number[] => {
  const telling: number[] = [];
  for (let bar = 1; bar + 1 < length; bar++) {
    const silent = volume[bar] === 0 || high[bar] === low[bar];
    if (silent || openTime[bar + 1]! > closeTime[bar]!) telling.push(bar + 1);
  }
  const spread = Array.from({ length: SPREAD }, (_, i) => Math.floor(((i + 1) * length) / (SPREAD + 1)));
  const kept = telling.length <= TELLTALE ? telling : Array.from({ length: TELLTALE }, (_, i) => telling[Math.floor((i * telling.length) / TELLTALE)]!); // prettier-ignore
  return [...new Set([...kept, ...spread])].filter((cut) => cut > 0 && cut < length).sort((a, b) => a - b);
};
