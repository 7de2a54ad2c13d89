import { atr } from '../indicators/atr.js';
import { swing } from '../indicators/fibonacci.js';
import { ichimoku } from '../indicators/ichimoku.js';
import { ratio } from './definition.js';
import type { FeatureDefinition } from './definition.js';

/** Ichimoku conversion line less base line, in units of the average true range of 14 bars. */
export const ichimokuCross: FeatureDefinition = {
  name: 'ichimokuCross',
  warmUp: 25,
  compute: ({ high, low, close }) => {
    const { conversion, base } = ichimoku(high, low);
    const pace = atr(high, low, close);
    return conversion.map((value, i) => ratio(value - base[i]!, pace[i]!));
  },
};

/** Close less the middle of the Ichimoku cloud drawn for this bar, in units of the average true range of 14 bars. */
export const ichimokuCloud: FeatureDefinition = {
  name: 'ichimokuCloud',
  warmUp: 77,
  compute: ({ high, low, close }) => {
    const { leadingA, leadingB } = ichimoku(high, low);
    const pace = atr(high, low, close);
    return close.map((last, i) => ratio(last - (leadingA[i]! + leadingB[i]!) / 2, pace[i]!));
  },
};

/** Retracement of the 100-bar swing: 0 at its high, 1 at its low; 0.5 where there is no swing. */
export const fibonacciPlace: FeatureDefinition = {
  name: 'fibonacci',
  warmUp: 99,
  compute: ({ high, low, close }) => {
    const { high: top, low: bottom } = swing(high, low);
    return close.map((last, i) => ratio(top[i]! - last, top[i]! - bottom[i]!, 0.5));
  },
};

/** Which extreme of the 100-bar swing is newer: 1 when the high was just now and the low 100 bars ago, -1 the other way round. */
export const fibonacciDirection: FeatureDefinition = {
  name: 'fibonacciDirection',
  warmUp: 99,
  compute: ({ high, low }) => {
    const { barsSinceHigh, barsSinceLow } = swing(high, low);
    return barsSinceLow.map((sinceLow, i) => (sinceLow - barsSinceHigh[i]!) / 100);
  },
};
