import type { BarRange } from './bars.js';

/** A frozen set of bars. `id` is the SHA-256 of the bars' canonical content, whatever file holds them. */
export interface Dataset {
  readonly id: string;
  readonly instrument: string;
  readonly frequencyMs: number;
  /** Artifact id of the Parquet file. */
  readonly artifact: string;
  readonly bars: number;
  readonly sessions: number;
  /** Close of the first and of the last bar, ISO 8601. */
  readonly from: string;
  readonly to: string;
  /** 0..1; see the quality report. */
  readonly quality: number;
  readonly simulated: boolean;
}

/** Which bars train and which judge. Between them lies the purge: bars whose labels would reach into the evaluation. */
export interface DatasetSplit {
  readonly training: BarRange;
  readonly evaluation: BarRange;
  /** Sessions between the two that nobody trains on, to measure on what transfers do; absent where none are held back. */
  readonly validation?: BarRange;
  readonly purgeBars: number;
}
