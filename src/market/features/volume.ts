import type { BarSeries } from '../../domain/market/bars.js';
import { mfi } from '../indicators/oscillators/mfi.js';
import { sma } from '../indicators/moving-averages.js';
import { rollingCorrelation, rollingSum } from '../indicators/window.js';
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

/**
 * Correlation over `bars` bars of a bar's move, open to close, with the square root of its volume: whether volume comes with rising or with
 * falling bars, whichever way the price has gone. 0 where either stands still.
 */
export const volumeCorrelation = (bars: number): FeatureDefinition => ({
  name: `volumeCorrelation${bars}`,
  warmUp: bars - 1,
  compute: ({ open, close, volume }) =>
    rollingCorrelation(
      close.map((last, i) => last / open[i]! - 1),
      volume.map(Math.sqrt),
      bars,
    ),
});

/** Bars that tell what is usual, for `volumeConfirmation`. */
const USUAL_BARS = 20;

/**
 * Whether volume confirms the moves of the last `bars` bars: the mean of move × surprise, where a bar's move, open to close, is in units of the
 * mean absolute one of the 20 bars before it, and its surprise is the log of its volume over their mean volume; each within ±3.
 * Rising bars on heavy volume and falling bars on light volume make it positive.
 */
export const volumeConfirmation = (bars: number): FeatureDefinition => ({
  name: `volumeConfirmation${bars}`,
  warmUp: USUAL_BARS + bars - 1,
  compute: ({ open, close, volume }) => {
    const move = close.map((last, i) => last / open[i]! - 1);
    const usualMove = sma(move.map(Math.abs), USUAL_BARS);
    const usualVolume = sma(volume, USUAL_BARS);
    const confirmed = move.map((value, i) => {
      const pace = usualMove[i - 1] ?? NaN;
      const level = usualVolume[i - 1] ?? NaN;
      return bounded(ratio(value, pace)) * bounded(Math.log(ratio(volume[i]!, level, 1)));
    });
    return sma(confirmed, bars);
  },
});

const bounded = (value: number): number => Math.max(-3, Math.min(3, value));

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
