import { setTimeout as wait } from 'node:timers/promises';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

/** Asks again, ever more rarely, until something outside answers; calls `onWait` after the first failure. Throws the signal's reason. */
export const untilAnswers = async (
  ask: () => Promise<boolean>,
  { onWait, signal }: { onWait: () => void; signal: AbortSignal },
): Promise<void> => {
  for (let pauseMs = FIRST_PAUSE_MS; !(await ask()); pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    if (pauseMs === FIRST_PAUSE_MS) onWait();
    await wait(pauseMs, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
};
