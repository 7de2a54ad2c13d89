import type { FrozenDataset } from '../training/run-steps.js';
import type { DataSource } from './ancestors.js';

/** What a training on a frozen dataset learns from by itself: the bars of its training range, and the same bars again in the scale of its features. */
export const ownSources = (dataset: Pick<FrozenDataset, 'id' | 'trainedTo' | 'purgeBars' | 'frequencyMs'>): DataSource[] => {
  const learned = { source: dataset.id, horizon: dataset.trainedTo, reachMs: reachMsOf(dataset) };
  return [
    { kind: 'dataset', ...learned },
    { kind: 'normaliser', ...learned },
  ];
};

/** The purge of a dataset's split as a time. */
export const reachMsOf = ({ purgeBars, frequencyMs }: Pick<FrozenDataset, 'purgeBars' | 'frequencyMs'>): number => purgeBars * frequencyMs;
