import type { BarRange, BarSeries } from '../../domain/market/bars.js';
import { assertCausal } from '../../evaluation/leakage/assert-causal.js';
import { assertNoLead } from '../../evaluation/leakage/assert-no-lead.js';
import { assertNormaliser } from '../../evaluation/leakage/assert-normaliser.js';
import { computeFeatures } from '../../market/features/compute-features.js';
import type { Contender } from './contender.js';

/**
 * Asserts that a model which was trained on the bars of `range` without `heldOut` sees nothing of the future: its features are those of each bar and
 * earlier ones, none goes with the next return as only that itself would, and they are scaled by the training bars alone. Throws `LookAhead`.
 */
export const assertHonest = (
  { bundle, raw }: Pick<Contender, 'bundle' | 'raw'>,
  bars: BarSeries,
  range: BarRange,
  heldOut: readonly BarRange[] = [],
): void => {
  assertCausal(raw, bars, computeFeatures);
  assertNoLead(raw, bars);
  assertNormaliser(bundle.observation.normaliser, raw, range, heldOut);
};
