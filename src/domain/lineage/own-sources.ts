import type { FrozenDataset, ReplayedExperiences } from '../training/run-steps.js';
import type { DataSource } from './ancestors.js';

/**
 * What a training on a frozen dataset learns from by itself: the bars of its training range, the same bars again in the scale of its features, the bars
 * that other instruments share with it, and experiences.
 */
export const ownSources = (
  dataset: Pick<FrozenDataset, 'id' | 'trainedTo' | 'purgeBars' | 'frequencyMs' | 'shared'>,
  experiences?: ReplayedExperiences,
): DataSource[] => {
  const learned = { source: dataset.id, horizon: dataset.trainedTo, reachMs: reachMsOf(dataset) };
  return [
    { kind: 'dataset', ...learned },
    { kind: 'normaliser', ...learned },
    ...(dataset.shared ?? []).map(({ id, to }) => ({ kind: 'dataset', source: id, horizon: to, reachMs: reachMsOf(dataset) }) as const),
    ...(experiences === undefined
      ? []
      : [{ kind: 'replay', source: experiences.artifact, horizon: experiences.horizon, reachMs: reachMsOf(dataset) } as const]),
  ];
};

/** The purge of a dataset's split as a time. */
export const reachMsOf = ({ purgeBars, frequencyMs }: Pick<FrozenDataset, 'purgeBars' | 'frequencyMs'>): number => purgeBars * frequencyMs;
