import type { BarSeries } from './bars.js';

/** Features as computed from bars, before normalisation. */
export interface RawFeatures {
  readonly names: readonly string[];
  /** One row per bar. */
  readonly rows: number;
  /** `rows` × `names`, row-major; NaN where a feature is still warming up. */
  readonly values: Float32Array;
  /** First row in which all features are finite; `rows` when there is none. */
  readonly warmUp: number;
}

/** Port: computes named features of bars, each row from that bar and earlier ones only. Throws on a name that it does not know. */
export type ComputeFeatures = (bars: BarSeries, names: readonly string[]) => RawFeatures;
