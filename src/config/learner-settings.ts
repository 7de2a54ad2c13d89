import type { LearnerSettings } from '../domain/learner/settings.js';
import { planSequence } from './buckets/plan-sequence.js';
import type { RatchetConfig } from './ratchet.js';

type LearnerSources = Pick<RatchetConfig, 'autoRetrain' | 'serving' | 'buckets' | 'progressive'>;

const HOUR_MS = 3_600_000;

/** The configuration as a learner takes it. Throws `InvalidConfig` as `planSequence` does, where it trains the buckets. */
export const learnerSettings = ({ autoRetrain: config, serving, ...sequences }: LearnerSources): LearnerSettings => ({
  enabled: config.enabled,
  quietMs: config.debounceSeconds * 1_000,
  maxWaitMs: config.debounceMaxWaitSeconds * 1_000,
  minFiles: config.minNewDataFiles,
  queueOnCompletion: config.queueRetrainOnCompletion,
  retryFirstMs: config.retrySeconds * 1_000,
  retryLongestMs: config.retryLongestSeconds * 1_000,
  intervalMs: config.retrainingIntervalHours * HOUR_MS,
  retrainFrequency: config.retrainFrequency,
  minExperiences: config.minExperiences,
  performanceThreshold: config.performanceThreshold,
  expirationMs: (serving.expirationHours ?? 0) * HOUR_MS,
  fullRetrainEvery: config.fullRetrainEvery,
  blackout: {
    ...config.blackout,
    windows: config.blackout.windows.map(({ zone, ...window }) => ({ ...window, zone: zone ?? null })),
  },
  priorities: config.priorities,
  cycle: config.cycle === 'single' ? 'single' : planSequence(sequences, {}),
});
