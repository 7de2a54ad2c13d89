import type { BarSeries } from '../../domain/market/bars.js';
import { sessionVwap } from '../indicators/vwap.js';
import type { FeatureDefinition } from './definition.js';

const HOUR_MS = 3_600_000;

/** Hours from the open of the session's first bar to this bar's close. */
export const timeOfDay: FeatureDefinition = {
  name: 'timeOfDay',
  warmUp: 0,
  compute: (bars) => bySession(bars, (start, i) => (bars.closeTime[i]! - bars.openTime[start]!) / HOUR_MS),
};

/** log(close / the session's volume-weighted average price). */
export const vwapDistance: FeatureDefinition = {
  name: 'vwapDistance',
  warmUp: 0,
  compute: ({ high, low, close, volume, session }) => {
    const average = sessionVwap(high, low, close, volume, session);
    return close.map((last, i) => Math.log(last / average[i]!));
  },
};

/** log(the session's first open / the close before it), the same for all bars of a session; 0 in the first. */
export const overnightGap: FeatureDefinition = {
  name: 'overnightGap',
  warmUp: 0,
  compute: (bars) => bySession(bars, (start) => (start === 0 ? 0 : Math.log(bars.open[start]! / bars.close[start - 1]!))),
};

const bySession = (bars: BarSeries, value: (start: number, bar: number) => number): Float64Array => {
  const values = new Float64Array(bars.length);
  let start = 0;
  for (let i = 0; i < bars.length; i++) {
    if (i > 0 && bars.session[i] !== bars.session[i - 1]) start = i;
    values[i] = value(start, i);
  }
  return values;
};
