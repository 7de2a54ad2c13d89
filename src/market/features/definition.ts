import type { BarSeries } from '../../domain/market/bars.js';

/**
 * One column of an observation before normalisation. `compute` gives one value per bar from that bar and earlier ones only,
 * unchanged when all prices or all volumes are scaled, NaN while it warms up and finite from then on, also where the market stands still.
 */
export interface FeatureDefinition {
  readonly name: string;
  /** Bars before the first defined value. */
  readonly warmUp: number;
  compute(bars: BarSeries): Float64Array;
}

/** part / whole, or `neutral` where there is no whole. */
export const ratio = (part: number, whole: number, neutral = 0): number => (whole === 0 ? neutral : part / whole);
