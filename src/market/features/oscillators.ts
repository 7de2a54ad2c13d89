import { atr } from '../indicators/atr.js';
import { bollinger } from '../indicators/bollinger.js';
import { macd } from '../indicators/macd.js';
import { ema } from '../indicators/moving-averages.js';
import { rsi } from '../indicators/oscillators/rsi.js';
import { stochastic } from '../indicators/oscillators/stochastic.js';
import { ratio } from './definition.js';
import type { FeatureDefinition } from './definition.js';

/** Relative strength index of 14 bars, from [0, 100] to [-1, 1]. */
export const relativeStrength: FeatureDefinition = {
  name: 'rsi',
  warmUp: 14,
  compute: ({ close }) => rsi(close).map((index) => index / 50 - 1),
};

/** Place of the close between the Bollinger bands of 20 bars and 2 deviations: -1 on the lower, 1 on the upper. */
export const bollingerPlace: FeatureDefinition = {
  name: 'bollinger',
  warmUp: 19,
  compute: ({ close }) => bollinger(close).percentB.map((place) => 2 * place - 1),
};

/** MACD histogram (12, 26, 9) in units of the average true range of 14 bars. */
export const macdHistogram: FeatureDefinition = {
  name: 'macd',
  warmUp: 33,
  compute: ({ high, low, close }) => {
    const pace = atr(high, low, close);
    return macd(close).histogram.map((value, i) => ratio(value, pace[i]!));
  },
};

/** Distance of the close from its exponential average of 20 bars, in units of the average true range of 14. */
export const emaDistance: FeatureDefinition = {
  name: 'emaDistance',
  warmUp: 19,
  compute: ({ high, low, close }) => {
    const pace = atr(high, low, close);
    return ema(close, 20).map((average, i) => ratio(close[i]! - average, pace[i]!));
  },
};

/** Slow stochastic %K (14, 3), from [0, 100] to [-1, 1]. */
export const stochasticPlace: FeatureDefinition = {
  name: 'stochastic',
  warmUp: 15,
  compute: ({ high, low, close }) => stochastic(high, low, close).slowK.map((place) => place / 50 - 1),
};
