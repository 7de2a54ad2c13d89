import { atr } from '../indicators/atr.js';
import { logReturn } from '../indicators/oscillators/rate-of-change.js';
import { sma } from '../indicators/moving-averages.js';
import { ratio } from './definition.js';
import type { FeatureDefinition } from './definition.js';

/** Log return of the close, the overnight gap included. */
export const closeReturn: FeatureDefinition = {
  name: 'return',
  warmUp: 1,
  compute: ({ close }) => logReturn(close),
};

/** log(high / low). */
export const range: FeatureDefinition = {
  name: 'range',
  warmUp: 0,
  compute: ({ high, low }) => high.map((top, i) => Math.log(top / low[i]!)),
};

/** Place of the close in its bar: -1 at the low, 1 at the high, 0 in the middle or where the bar has no range. */
export const closeLocation: FeatureDefinition = {
  name: 'closeLocation',
  warmUp: 0,
  compute: ({ high, low, close }) => close.map((last, i) => ratio(2 * last - high[i]! - low[i]!, high[i]! - low[i]!)),
};

/** Average true range of 14 bars as a fraction of the close. */
export const relativeAtr: FeatureDefinition = {
  name: 'atr',
  warmUp: 14,
  compute: ({ high, low, close }) => atr(high, low, close).map((average, i) => average / close[i]!),
};

/** Log return over `bars` bars in units of what independent moves would give: the mean absolute one-bar return of the last `4 × bars` times √bars. */
export const momentum = (bars: number): FeatureDefinition => ({
  name: `momentum${bars}`,
  warmUp: 4 * bars,
  compute: ({ close }) => {
    const pace = sma(logReturn(close).map(Math.abs), 4 * bars);
    return logReturn(close, bars).map((move, i) => ratio(move, pace[i]! * Math.sqrt(bars)));
  },
});
