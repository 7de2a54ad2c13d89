import { readFile, rm } from 'node:fs/promises';
import { uptime } from 'node:os';
import { join } from 'node:path';

/** What a running PostgreSQL notes in its data folder about itself. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

const CLOCK_SLACK_MS = 60_000;

/**
 * Reads `postmaster.pid`, PostgreSQL's own lock, which is never removed while its server could run. After a reboot its number may
 * belong to another process, and PostgreSQL would refuse to start: a note older than the boot is removed here. Null when there is none.
 */
export const readPostmaster = async (data: string, bootedAt: number = Date.now() - uptime() * 1_000): Promise<Postmaster | null> => {
  const path = join(data, 'postmaster.pid');
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
