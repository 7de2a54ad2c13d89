import { z } from 'zod';
import type { LearnerSettings } from '../domain/learner/settings.js';

const whole = z.number().int().positive();

/** When an instrument's learner retrains. */
export const learnerConfig = z.strictObject({
  enabled: z.boolean().default(true),
  /** Quiet time after the last new file. */
  debounceSeconds: z.number().positive().default(30),
  /** Longest wait after the first new file. */
  debounceMaxWaitSeconds: z.number().positive().default(600),
  minNewDataFiles: whole.default(1),
  queueRetrainOnCompletion: z.boolean().default(true),
  /** Wait after a failed training, doubled with each failure in a row, up to the longest. */
  retrySeconds: z.number().positive().default(60),
  retryLongestSeconds: z.number().positive().default(3_600),
});
export type LearnerConfig = z.infer<typeof learnerConfig>;

/** The configuration as a learner takes it. */
export const learnerSettings = (config: LearnerConfig): LearnerSettings => ({
  enabled: config.enabled,
  quietMs: config.debounceSeconds * 1_000,
  maxWaitMs: config.debounceMaxWaitSeconds * 1_000,
  minFiles: config.minNewDataFiles,
  queueOnCompletion: config.queueRetrainOnCompletion,
  retryFirstMs: config.retrySeconds * 1_000,
  retryLongestMs: config.retryLongestSeconds * 1_000,
});
