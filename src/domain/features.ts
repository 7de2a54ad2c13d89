import type { BarSeries } from './bars.js';

/** Features of every bar before normalisation. */
export interface RawFeatures {
  readonly names: readonly string[];
  readonly rows: number;
  /** rows × names, row-major; NaN before a feature's warm-up. */
  readonly values: Float32Array;
  /** First row from which all features are finite. */
  readonly warmUp: number;
}

/** Computes the named features of each bar from that bar and older ones only. */
export type ComputeFeatures = (bars: BarSeries, names: readonly string[]) => RawFeatures;
