import { setTimeout as delay } from 'node:timers/promises';

/** Resolves as soon as a condition holds. Throws when it does not within 30 s. */
export const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  const deadline = Date.now() + 30_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`this did not come to hold within 30 s: ${holds.toString()}`);
    await delay(5);
  }
};
