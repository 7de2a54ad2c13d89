import { readdir, readlink } from 'node:fs/promises';

/**
 * Process numbers that have a file open, by the kernel's own account. Empty where that cannot be asked (other systems than Linux)
 * and blind to other users' processes.
 */
export const processesWithOpenFile = async (path: string): Promise<number[]> => {
  if (process.platform !== 'linux') return [];
  const found: number[] = [];
  for (const entry of await readdir('/proc')) {
    const pid = Number(entry);
    if (Number.isInteger(pid) && pid !== process.pid && (await hasOpen(pid, path))) found.push(pid);
  }
  return found;
};

/** Process numbers that work in a folder; empty and blind where `processesWithOpenFile` is. A zombie works nowhere. */
export const processesWorkingIn = async (folder: string): Promise<number[]> => {
  if (process.platform !== 'linux') return [];
  const entries = await readdir('/proc');
  const folders = await Promise.all(entries.map((entry) => readlink(`/proc/${entry}/cwd`).catch(() => null)));
  return entries
    .filter((_, index) => folders[index] === folder)
    .map(Number)
    .filter(Number.isInteger);
};

const hasOpen = async (pid: number, path: string): Promise<boolean> => {
  const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
  for (const descriptor of descriptors) {
    const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => null);
    if (target === path) return true;
  }
  return false;
};
