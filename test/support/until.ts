import { setTimeout as delay } from 'node:timers/promises';

/** Resolves as soon as a condition holds, which is looked at every few milliseconds, or less often where looking costs. Throws when it does not in time. */
export const until = async (holds: () => boolean | Promise<boolean>, withinMs = 30_000, everyMs = 5): Promise<void> => {
  const deadline = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`this did not come to hold within ${withinMs / 1_000} s: ${holds.toString()}`);
    await delay(everyMs);
  }
};
