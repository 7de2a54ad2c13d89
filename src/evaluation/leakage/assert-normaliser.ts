import type { BarRange } from '../../domain/market/bars.js';
import type { RawFeatures } from '../../domain/market/features.js';
import { fitNormaliser, type Normaliser } from '../../learning/observation.js';
import { LookAhead } from './look-ahead.js';

/** Largest difference, relative to the scale, between the same sums on two machines. */
const TOLERANCE = 1e-9;

/**
 * Asserts that features are scaled by the bars that were trained on, those of `range` without `heldOut`, and by no others: fitted again to them,
 * each mean and scale is the same. Throws `LookAhead` naming the feature.
 */
export const assertNormaliser = (normaliser: Normaliser, raw: RawFeatures, range: BarRange, heldOut: readonly BarRange[] = []): void => {
  const from = Math.max(range.from, raw.warmUp);
  const expected = fitNormaliser(raw, { from, to: range.to }, normaliser.clip, heldOut);
  const column = differingColumn(normaliser, expected);
  if (column === -1) return;
  const name = raw.names[column] ?? `number ${column}`;
  const all = fitNormaliser(raw, { from: Math.min(raw.warmUp, raw.rows - 1), to: raw.rows }, normaliser.clip);
  const onAll = differingColumn(normaliser, all) === -1 ? ', as if fitted on all bars, those that judge included' : '';
  throw new LookAhead(
    `feature ${name} is scaled by mean ${normaliser.mean[column] ?? NaN} and scale ${normaliser.scale[column] ?? NaN}${onAll}: the bars that were trained on, [${from}, ${range.to}), give ${expected.mean[column] ?? NaN} and ${expected.scale[column] ?? NaN}; train again`,
  );
};

const differingColumn = (actual: Normaliser, expected: Normaliser): number =>
  expected.mean.findIndex((mean, i) => {
    const scale = expected.scale[i]!;
    return !(Math.abs(actual.mean[i]! - mean) <= TOLERANCE * scale && Math.abs(actual.scale[i]! - scale) <= TOLERANCE * scale);
  });
