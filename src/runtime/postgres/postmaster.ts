import { readFile, realpath, rm } from 'node:fs/promises';
import { uptime } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { processesWorkingIn } from '../processes/open-files.js';

/** What a running PostgreSQL notes in its data folder about itself. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

const CLOCK_SLACK_MS = 60_000;
const LEAVE_PATIENCE_MS = 10_000;
const LEAVE_POLL_MS = 25;

/**
 * Reads `postmaster.pid`, PostgreSQL's own lock, which is never removed while its server could run. After a reboot its number may
 * belong to another process, and PostgreSQL would refuse to start: a note older than the boot is removed here. Null when there is none.
 */
export const readPostmaster = async (data: string, bootedAt: number = Date.now() - uptime() * 1_000): Promise<Postmaster | null> => {
  const path = noteFile(data);
  const lines = await readFile(path, 'utf8').then(
    (text) => text.split('\n'),
    () => [],
  );
  const [pid, startedSeconds, port] = [Number(lines[0]), Number(lines[2]), Number(lines[3])];
  if (startedSeconds > 0 && startedSeconds * 1_000 < bootedAt - CLOCK_SLACK_MS) {
    await rm(path, { force: true });
    return null;
  }
  return pid > 0 && port > 0 ? { pid, port } : null;
};

/**
 * Removes the note of a postmaster that was killed, when the last of its processes, which end by themselves, has left the data folder.
 * PostgreSQL would take a number that is still there for a running server and refuse to start, though it be a zombie that nobody has reaped, as
 * where a container's first process reaps none, or another program by now. Elsewhere than on Linux PostgreSQL decides alone.
 */
export const clearKilledPostmaster = async (data: string, patienceMs = LEAVE_PATIENCE_MS): Promise<void> => {
  if (process.platform !== 'linux') return;
  const folder = await realpath(data);
  const givenUp = Date.now() + patienceMs;
  while ((await processesWorkingIn(folder)).length > 0) {
    if (Date.now() > givenUp) return; // it runs, and PostgreSQL will say so
    await wait(LEAVE_POLL_MS);
  }
  await rm(noteFile(data), { force: true });
};

const noteFile = (data: string): string => join(data, 'postmaster.pid');
