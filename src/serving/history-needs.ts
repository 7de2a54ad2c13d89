import type { BarSeries } from '../domain/market/bars.js';
import type { ComputeFeatures, RawFeatures } from '../domain/market/features.js';
import type { ObservationSchema } from '../domain/agent/observation.js';

/** The history without which an observation would not be the one that training would have seen. */
export interface HistoryNeeds {
  /** Bars until the features have forgotten where the history begins. */
  readonly memory: number;
  /** Whether features look back to the open of their session, so that none of the sessions in the window may be cut. */
  readonly wholeSessions: boolean;
}

/** Bars of history that are tried, and the length that stands for an endless one. */
const MEMORIES = [1, 8, 16, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1_024, 2_048];
const ENDLESS = 4_096;
/** Rows that are compared: one session, which the history comes before. */
const ROWS = 64;
/** Largest difference, in standard deviations, that counts as forgotten. */
const TOLERANCE = 1e-3;

/**
 * Measures on made-up bars what a schema's features need; the warm-up of an indicator with an infinite memory, such as an exponential average,
 * does not say it. Throws `RangeError` when 2,048 bars are not enough, and what `computeFeatures` throws at a name that it does not know.
 */
export const historyNeeds = ({ features, frequencyMs }: ObservationSchema, computeFeatures: ComputeFeatures): HistoryNeeds => {
  const on = (history: number, sessions: 1 | 2): RawFeatures => computeFeatures(madeUpBars(history, sessions, frequencyMs), features);
  const endless = on(ENDLESS, 2);
  const allowed = features.map((_, column) => TOLERANCE * deviation(endless, column));
  const memory = MEMORIES.find((bars) => lastRows(on(bars, 2)).every(closeTo(endless, allowed)));
  if (memory === undefined)
    throw new RangeError(`features ${features.join(', ')} do not settle within 2,048 bars: the model cannot be served on bars`);
  return { memory, wholeSessions: !lastRows(on(ENDLESS, 1)).every(closeTo(endless, allowed)) };
};

const lastRows = ({ values, names }: RawFeatures): Float32Array => values.subarray(values.length - ROWS * names.length);

const closeTo = (expected: RawFeatures, allowed: readonly number[]): ((value: number, at: number) => boolean) => {
  const rows = lastRows(expected);
  return (value, at) => Math.abs(value - (rows[at] ?? NaN)) <= (allowed[at % allowed.length] ?? NaN) + 1e-6;
};

const deviation = ({ values, names }: RawFeatures, column: number): number => {
  const series = values.filter((value, at) => at % names.length === column && Number.isFinite(value));
  const mean = series.reduce((sum, value) => sum + value, 0) / series.length;
  return Math.sqrt(series.reduce((sum, value) => sum + (value - mean) ** 2, 0) / series.length);
};

/** Bars in which every price and volume keeps changing: the last `history` before the compared ones, and these, which are a session of their own or not. */
const madeUpBars = (history: number, sessions: 1 | 2, frequencyMs: number): BarSeries => {
  const length = history + ROWS;
  const column = (value: (i: number) => number): Float64Array => Float64Array.from({ length }, (_, i) => value(i + ENDLESS - history));
  const price = (i: number): number => 100 + 3 * Math.sin(i / 37) + Math.sin(i / 7) + Math.sin(i / 3);
  return {
    instrument: 'made-up',
    frequencyMs,
    length,
    openTime: column((i) => i * frequencyMs),
    closeTime: column((i) => (i + 1) * frequencyMs),
    open: column((i) => price(i) + 0.3 * Math.cos(i)),
    high: column((i) => Math.max(price(i), price(i + 1)) + 0.5),
    low: column((i) => Math.min(price(i), price(i + 1)) - 0.5),
    close: column((i) => price(i + 1)),
    volume: column((i) => 1_000 + 100 * Math.sin(i / 5)),
    session: Int32Array.from({ length }, (_, i) => (i < history ? 0 : sessions - 1)),
  };
};
