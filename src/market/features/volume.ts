import type { BarSeries } from '../../domain/bars.js';
import { mfi } from '../indicators/mfi.js';
import { sma } from '../indicators/moving-averages.js';
import { rollingSum } from '../indicators/window.js';
import { ratio } from './definition.js';
import type { FeatureDefinition } from './definition.js';
import { closeLocation } from './price.js';

/** log((1 + volume / its mean over 60 bars) / 2): 0 at the mean, finite without volume. */
export const relativeVolume: FeatureDefinition = {
  name: 'relativeVolume',
  warmUp: 59,
  compute: ({ volume }) => {
    const mean = sma(volume, 60);
    return volume.map((traded, i) => Math.log((1 + ratio(traded, mean[i]!, 1)) / 2));
  },
};

/** Chaikin money flow over `bars` bars: share of volume, in [-1, 1], weighted by where each bar closed in its range. */
export const moneyFlow = (bars: number): FeatureDefinition => ({
  name: `moneyFlow${bars}`,
  warmUp: bars - 1,
  compute: (series) => {
    const location = closeLocation.compute(series);
    return shareOfVolume(series, location, bars);
  },
});

/** Volume on rising bars less volume on falling ones over `bars` bars, each bar taken from its open to its close, as a share of all. */
export const signedVolume = (bars: number): FeatureDefinition => ({
  name: `signedVolume${bars}`,
  warmUp: bars - 1,
  compute: (series) => {
    const direction = series.close.map((last, i) => Math.sign(last - series.open[i]!));
    return shareOfVolume(series, direction, bars);
  },
});

const shareOfVolume = ({ volume }: BarSeries, weight: Float64Array, bars: number): Float64Array => {
  const all = rollingSum(volume, bars);
  const weighted = rollingSum(
    volume.map((traded, i) => traded * weight[i]!),
    bars,
  );
  return weighted.map((part, i) => ratio(part, all[i]!));
};

/** Money flow index of 14 bars, from [0, 100] to [-1, 1]. */
export const moneyFlowIndex: FeatureDefinition = {
  name: 'mfi',
  warmUp: 14,
  compute: ({ high, low, close, volume }) => mfi(high, low, close, volume).map((index) => index / 50 - 1),
};
