import { setTimeout as delay } from 'node:timers/promises';

/** Pauses between looks, in milliseconds: short at first, then longer, so that waiting leaves the machine to what is waited for. */
const [FIRST_PAUSE, LONGEST_PAUSE] = [5, 100];

/** Resolves as soon as a condition holds. Throws when it does not in time. */
export const until = async (holds: () => boolean | Promise<boolean>, withinMs = 30_000): Promise<void> => {
  const deadline = Date.now() + withinMs;
  for (let pause = FIRST_PAUSE; !(await holds()); pause = Math.min(1.5 * pause, LONGEST_PAUSE)) {
    if (Date.now() > deadline) throw new Error(`this did not come to hold within ${withinMs / 1_000} s: ${holds.toString()}`);
    await delay(pause);
  }
};
