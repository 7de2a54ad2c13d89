import type { Trigger } from './trigger.js';

/** The newest training is `expiration_hours` old. */
export const age: Trigger = {
  spaced: true,
  repeats: false,
  find: ({ trainedMs }, { expirationMs }) =>
    trainedMs === null || expirationMs === 0
      ? null
      : { dueMs: trainedMs + expirationMs, reason: `trained last at ${new Date(trainedMs).toISOString()}`, full: false },
};
