import { mkdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const BEAT_MS = 2_000;
const POLL_MS = 250;
/** A holder that has not touched its file for this long is dead or was suspended. */
const STALE_MS = 60_000;

/** Runs `work` while no other process runs under the same lock file; waits for the others, saying so once. */
export const withLock = async (path, onWait, work) => {
  await mkdir(dirname(path), { recursive: true });
  for (let waited = false; !(await take(path)); await wait(POLL_MS)) {
    if (await isAbandoned(path)) await rm(path, { force: true });
    else if (!waited) waited = (onWait(await holder(path)), true);
  }
  const beat = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => {}), BEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    await rm(path, { force: true });
  }
};

const take = (path) =>
  writeFile(path, String(process.pid), { flag: 'wx' }).then(
    () => true,
    (error) => {
      if (error.code === 'EEXIST') return false;
      throw error;
    },
  );

const holder = (path) => readFile(path, 'utf8').then(Number, () => 0);

const isAbandoned = async (path) => {
  try {
    const { mtimeMs } = await stat(path);
    const pid = await holder(path);
    return Date.now() - mtimeMs > STALE_MS || (pid > 0 && !isAlive(pid));
  } catch {
    return false; // released in this very moment
  }
};

const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};
