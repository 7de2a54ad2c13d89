import type { Trigger } from './trigger.js';

/** Production's net return over the last days is below `performance_threshold`. */
export const performance: Trigger = {
  spaced: true,
  repeats: false,
  find: ({ measured }, { performanceThreshold }) =>
    measured === null || !(measured.netReturn < performanceThreshold)
      ? null
      : {
          dueMs: 0,
          reason: `${measured.version} returned ${percent(measured.netReturn)} net over ${measured.days} days, less than ${percent(performanceThreshold)}`,
          full: false,
        },
};

const percent = (fraction: number): string => `${(100 * fraction).toFixed(2)} %`;
