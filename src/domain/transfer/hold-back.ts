import { sessionStarts, type BarSeries } from '../market/bars.js';
import type { DatasetSplit } from '../market/dataset.js';

/**
 * Takes the newest `share` of the sessions that are trained on, at least one, to measure on what transfers do, and ends the training as far before them
 * as before the evaluation. Where no training session longer than the purge would be left, the split stays as it is.
 */
export const holdBack = (bars: Pick<BarSeries, 'length' | 'session'>, split: DatasetSplit, share: number): DatasetSplit => {
  const { training, purgeBars } = split;
  const starts = sessionStarts(bars).filter((start) => start <= training.to);
  const sessions = starts.length - 1;
  const first = starts[sessions - Math.max(1, Math.ceil(share * sessions))] ?? 0;
  const to = starts.findLast((start) => start + purgeBars <= first) ?? 0;
  return to <= purgeBars ? split : { ...split, training: { from: training.from, to }, validation: { from: first, to: training.to } };
};
