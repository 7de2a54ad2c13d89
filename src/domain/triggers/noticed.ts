import type { NoticedTrigger, Trigger } from './trigger.js';

/** A trigger that somebody outside has found and reported. */
export const noticed = (name: NoticedTrigger, { repeats }: Pick<Trigger, 'repeats'>): Trigger => ({
  spaced: true,
  repeats,
  find: ({ notices }) => {
    const found = notices.find(({ trigger }) => trigger === name);
    return found === undefined ? null : { dueMs: 0, reason: found.reason, full: found.full };
  },
});
