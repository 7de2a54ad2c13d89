import type { BarSeries } from '../../../src/domain/market/bars.js';
import type { ComputeFeatures, RawFeatures } from '../../../src/domain/market/features.js';
import { computeFeatures } from '../../../src/market/features/compute-features.js';

/** Honest features with one more that knows too much, computed from the bars. */
const withColumn =
  (name: string, column: (bars: BarSeries) => Float64Array): ComputeFeatures =>
  (bars, names) => {
    const honest = computeFeatures(
      bars,
      names.filter((asked) => asked !== name),
    );
    const canary = column(bars);
    const values = new Float32Array(bars.length * names.length);
    for (const [at, asked] of names.entries())
      for (let row = 0; row < bars.length; row++)
        values[row * names.length + at] =
          asked === name ? canary[row]! : honest.values[row * honest.names.length + honest.names.indexOf(asked)]!;
    return { names, rows: bars.length, values, warmUp: honest.warmUp } satisfies RawFeatures;
  };

/** Return to the close of the bar after; 0 in the last. */
export const nextClose = withColumn('nextClose', ({ close }) => close.map((now, bar) => Math.log((close[bar + 1] ?? now) / now)));

/** Log of volume, where bars without trades take that of the next bar that has some. */
export const backFilledGap = withColumn('backFilledGap', ({ volume }) => {
  const filled = volume.slice();
  for (let bar = filled.length - 2; bar >= 0; bar--) if (filled[bar] === 0) filled[bar] = filled[bar + 1]!;
  return filled.map((traded) => Math.log(1 + traded));
});

/** The close, scaled by mean and deviation of all bars. */
export const scaledByAll = withColumn('scaledByAll', ({ close }) => {
  const mean = close.reduce((sum, value) => sum + value, 0) / close.length;
  const deviation = Math.sqrt(close.reduce((sum, value) => sum + (value - mean) ** 2, 0) / close.length);
  return close.map((value) => (value - mean) / deviation);
});

/** Return of a longer bar of five, joined by the stamp of its open: known from its first minute on. */
export const startOfBarStamp = withColumn('startOfBarStamp', ({ close, open, length }) =>
  close.map((_, bar) => {
    const first = bar - (bar % 5);
    return Math.log(close[Math.min(first + 4, length - 1)]! / open[first]!);
  }),
);
