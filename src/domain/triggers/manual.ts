import type { Trigger } from './trigger.js';

/** A person asked. */
export const manual: Trigger = {
  spaced: false,
  repeats: true,
  find: ({ request }) => (request === null ? null : { dueMs: 0, reason: request.reason, full: request.full }),
};
