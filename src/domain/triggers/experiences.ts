import type { Trigger } from './trigger.js';

/** `retrain_frequency` experiences were lived since the newest training began, and `min_experiences` ever. */
export const experiences: Trigger = {
  spaced: true,
  repeats: true,
  find: ({ experiences: { fresh, total } }, { retrainFrequency, minExperiences }) =>
    retrainFrequency === 0 || fresh < retrainFrequency || total < minExperiences
      ? null
      : { dueMs: 0, reason: `${fresh} new experiences`, full: false },
};
