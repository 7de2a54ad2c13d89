import { setTimeout as wait } from 'node:timers/promises';
import type { ProcessIdentity } from './process-identity.js';

/** How a process is asked to end, and how long it may take. */
export interface Ending {
  readonly ask: (pid: number) => Promise<void> | void;
  readonly graceMs: number;
}

/** Asks a process to end, waits for that, and kills it when its grace is over. */
export const stopProcess = async ({ pid }: ProcessIdentity, ended: Promise<string>, { ask, graceMs }: Ending): Promise<void> => {
  const patience = new AbortController();
  try {
    if (await isOver(ended)) return;
    await ask(pid);
    const outcome = await Promise.race([ended, wait(graceMs, null, { signal: patience.signal })]);
    if (outcome === null) kill(pid, 'SIGKILL');
    await ended;
  } finally {
    patience.abort();
  }
};

const isOver = (ended: Promise<string>): Promise<boolean> =>
  Promise.race([ended.then(() => true), new Promise<boolean>((resolve) => setImmediate(() => resolve(false)))]);

/** Sends a signal to a process that may have ended in this moment. */
export const kill = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
};
