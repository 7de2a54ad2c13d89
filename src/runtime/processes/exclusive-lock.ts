import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { identifyProcess, isRunning } from './process-identity.js';
import type { ProcessIdentity } from './process-identity.js';

export interface ExclusiveLock {
  readonly release: () => Promise<void>;
}

/** The lock is held by a live process. */
export class Locked extends Error {
  override readonly name = 'Locked';
  constructor(
    readonly path: string,
    readonly holder: ProcessIdentity,
  ) {
    super(`${path} is held by process ${holder.pid}, which runs`);
  }
}

const record = z.object({ token: z.string(), holder: z.object({ pid: z.number().int(), startedAt: z.string() }) });

/** A takeover lasts microseconds; a guard as old as this was left by a process that died in it. */
const GUARD_STALE_MS = 10_000;
const GUARD_POLL_MS = 20;

/**
 * Takes a lock that lives as long as this process: a file naming its holder, created whole or not at all. A dead holder's lock
 * is taken over under a guard, so that two who find it at once cannot both have it. Throws `Locked` while the holder runs.
 */
export const acquireLock = async (path: string): Promise<ExclusiveLock> => {
  const holder = await identifyProcess(process.pid);
  if (holder === null) throw new Error(`the start time of process ${process.pid} cannot be read`);
  const token = randomBytes(12).toString('hex');
  const mine = `${path}.${token}`;
  await writeFile(mine, JSON.stringify({ token, holder }), { flush: true });
  try {
    while (!(await createLink(mine, path))) {
      const found = await read(path);
      if (found !== null && (await isRunning(found.holder))) throw new Locked(path, found.holder);
      if (await takeOver(mine, path)) break;
    }
  } finally {
    await rm(mine, { force: true });
  }
  return {
    release: async () => {
      if ((await read(path))?.token === token) await rm(path, { force: true });
    },
  };
};

/** False when the name is taken. */
const createLink = (from: string, to: string): Promise<boolean> => succeeds(link(from, to), 'EEXIST');

/** Replaces the lock of a dead holder; false when somebody else did so in the meantime. */
const takeOver = async (mine: string, path: string): Promise<boolean> => {
  const guard = `${path}.takeover`;
  while (!(await succeeds(mkdir(guard), 'EEXIST'))) {
    const age = Date.now() - (await stat(guard).then(({ mtimeMs }) => mtimeMs, Date.now));
    if (age > GUARD_STALE_MS) await rmdir(guard).catch(() => undefined);
    await wait(GUARD_POLL_MS);
  }
  try {
    const found = await read(path);
    if (found !== null && (await isRunning(found.holder))) return false;
    await rename(mine, path);
    return true;
  } finally {
    await rmdir(guard);
  }
};

/** Null when the file is gone or damaged; as it is created whole, damage comes from outside and holds nobody's lock. */
const read = async (path: string): Promise<z.infer<typeof record> | null> => {
  try {
    return record.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return null;
  }
};

const succeeds = async (attempt: Promise<unknown>, refusal: string): Promise<boolean> => {
  try {
    await attempt;
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === refusal) return false;
    throw error;
  }
};
