import type { BarRange } from '../domain/market/bars.js';
import type { RawFeatures } from '../domain/market/features.js';
import { PRIVATE_STATE, type ObservationSchema } from '../domain/agent/observation.js';

export type Normaliser = ObservationSchema['normaliser'];

/** Normalised features of every bar, from which observations are cut. */
export interface FeatureMatrix {
  readonly names: readonly string[];
  readonly rows: number;
  /** rows × names, row-major; 0 where the raw value was not finite. */
  readonly values: Float32Array;
  /** First row from which all raw features are finite. */
  readonly firstValid: number;
}

/**
 * Mean and population standard deviation of each feature over the rows of `range`, without those of `heldOut`, where it is finite; a constant
 * feature gets scale 1.
 */
export const fitNormaliser = (raw: RawFeatures, range: BarRange, clip: number, heldOut: readonly BarRange[] = []): Normaliser => {
  assertRange(raw.rows, range);
  const rows = fittedRows(range, heldOut);
  const columns = raw.names.map((_, column) => moments(raw, rows, column));
  return { mean: columns.map(({ mean }) => mean), scale: columns.map(({ scale }) => scale), clip };
};

/** value = clamp((raw - mean) / scale, ±clip), and 0 for what is not finite. */
export const featureMatrix = (raw: RawFeatures, { mean, scale, clip }: Normaliser): FeatureMatrix => {
  const width = raw.names.length;
  if (mean.length !== width || scale.length !== width)
    throw new RangeError(
      `normaliser has ${mean.length} means and ${scale.length} scales: expected ${width}, one for each of ${raw.names.join(', ')}`,
    );
  const values = new Float32Array(raw.rows * width);
  for (let column = 0; column < width; column++) {
    const centre = mean[column]!;
    const unit = scale[column]!;
    for (let at = column; at < values.length; at += width) {
      const value = (raw.values[at]! - centre) / unit;
      values[at] = value > clip ? clip : value < -clip ? -clip : value === value ? value : 0;
    }
  }
  return { names: raw.names, rows: raw.rows, values, firstValid: raw.warmUp };
};

/**
 * Writes the state vector of the decision at the close of `bar` into `out` from `at`: `lookback` rows, oldest first, then the four private
 * values found at `offset` of `privateState`. Rows before the first bar are zeros.
 */
export const writeObservation = (
  matrix: FeatureMatrix,
  lookback: number,
  bar: number,
  privateState: Float32Array,
  offset: number,
  out: Float32Array,
  at: number,
): void => {
  const width = matrix.names.length;
  const size = lookback * width;
  if (bar < 0 || bar >= matrix.rows) throw new RangeError(`bar ${bar} is outside the feature matrix: expected 0 to ${matrix.rows - 1}`);
  if (at + size + PRIVATE_STATE.length > out.length)
    throw new RangeError(`an observation of ${size + PRIVATE_STATE.length} numbers at ${at} does not fit into an array of ${out.length}`);
  const first = (bar + 1 - lookback) * width;
  const missing = first < 0 ? -first : 0;
  if (missing > 0) out.fill(0, at, at + missing);
  out.set(matrix.values.subarray(first + missing, first + size), at + missing);
  for (let i = 0; i < PRIVATE_STATE.length; i++) out[at + size + i] = privateState[offset + i]!;
};

/** As `writeObservation`, where the vector of the bar before stands at `at` already: its rows move up by one, and only the newest is read. The same numbers. */
export const slideObservation = (
  matrix: FeatureMatrix,
  lookback: number,
  bar: number,
  privateState: Float32Array,
  offset: number,
  out: Float32Array,
  at: number,
): void => {
  const { values, names, rows } = matrix;
  const width = names.length;
  const size = lookback * width;
  if (bar < 1 || bar >= rows) throw new RangeError(`bar ${bar} follows no bar of the feature matrix: expected 1 to ${rows - 1}`);
  if (at + size + PRIVATE_STATE.length > out.length)
    throw new RangeError(`an observation of ${size + PRIVATE_STATE.length} numbers at ${at} does not fit into an array of ${out.length}`);
  out.copyWithin(at, at + width, at + size);
  const newest = at + size - width;
  for (let column = 0; column < width; column++) out[newest + column] = values[bar * width + column]!;
  for (let i = 0; i < PRIVATE_STATE.length; i++) out[at + size + i] = privateState[offset + i]!;
};

/** The parts of `range` between what is held out. */
const fittedRows = ({ from, to }: BarRange, heldOut: readonly BarRange[]): readonly BarRange[] => {
  const parts: BarRange[] = [];
  let start = from;
  for (const held of heldOut.toSorted((a, b) => a.from - b.from)) {
    if (held.from > start) parts.push({ from: start, to: Math.min(held.from, to) });
    start = Math.max(start, held.to);
  }
  return [...parts, { from: start, to }];
};

const moments = ({ names, values }: RawFeatures, ranges: readonly BarRange[], column: number): { mean: number; scale: number } => {
  const width = names.length;
  let count = 0;
  let mean = 0;
  let squares = 0; // Welford 1962: exact also where the mean is large beside the deviation
  for (const { from, to } of ranges)
    for (let row = from; row < to; row++) {
      const value = values[row * width + column]!;
      if (!Number.isFinite(value)) continue;
      const difference = value - mean;
      mean += difference / ++count;
      squares += difference * (value - mean);
    }
  const deviation = count === 0 ? 0 : Math.sqrt(squares / count);
  return { mean, scale: deviation > 1e-8 * Math.max(1, Math.abs(mean)) ? deviation : 1 };
};

const assertRange = (rows: number, { from, to }: BarRange): void => {
  if (!(from >= 0 && from < to && to <= rows))
    throw new RangeError(`range [${from}, ${to}) is not valid: expected bars within [0, ${rows})`);
};
