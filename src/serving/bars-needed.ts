import type { BarSeries } from '../domain/bars.js';
import type { ComputeFeatures } from '../domain/features.js';
import type { ObservationSchema } from '../domain/observation.js';

const MOST_BARS = 1 << 14;

/**
 * Bars that a decision needs: what the features take to warm up, measured on made-up bars, and the look-back. Throws `RangeError` when a feature
 * never becomes finite, and whatever `computeFeatures` throws at a name that it does not know.
 */
export const barsNeeded = ({ features, lookback, frequencyMs }: ObservationSchema, computeFeatures: ComputeFeatures): number => {
  for (let bars = 256; bars <= MOST_BARS; bars *= 4) {
    const { warmUp } = computeFeatures(waves(bars, frequencyMs), features);
    if (warmUp < bars) return warmUp + lookback;
  }
  throw new RangeError(`features ${features.join(', ')} are not finite after ${MOST_BARS} bars: the model cannot be served`);
};

/** One session of bars in which every price and volume keeps changing. */
const waves = (length: number, frequencyMs: number): BarSeries => {
  const column = (value: (i: number) => number): Float64Array => Float64Array.from({ length }, (_, i) => value(i));
  const price = (i: number): number => 100 + Math.sin(i / 7) + Math.sin(i / 3);
  return {
    instrument: 'made-up',
    frequencyMs,
    length,
    openTime: column((i) => i * frequencyMs),
    closeTime: column((i) => (i + 1) * frequencyMs),
    open: column(price),
    high: column((i) => Math.max(price(i), price(i + 1)) + 0.5),
    low: column((i) => Math.min(price(i), price(i + 1)) - 0.5),
    close: column((i) => price(i + 1)),
    volume: column((i) => 1_000 + 100 * Math.sin(i / 5)),
    session: new Int32Array(length),
  };
};
