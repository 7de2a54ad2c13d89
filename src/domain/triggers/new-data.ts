import type { Trigger } from './trigger.js';

/** When a burst of files counts as settled: `quietMs` after the last, at the latest `maxWaitMs` after the first. */
export const settledAtMs = (
  window: { readonly firstMs: number; readonly lastMs: number },
  { quietMs, maxWaitMs }: { readonly quietMs: number; readonly maxWaitMs: number },
): number => Math.min(window.lastMs + quietMs, window.firstMs + maxWaitMs);

/** Enough new files have arrived and settled. */
export const newData: Trigger = {
  spaced: false,
  repeats: false,
  find: ({ window, files }, settings) =>
    window === null || files < settings.minFiles ? null : { dueMs: settledAtMs(window, settings), reason: 'new data', full: false },
};
