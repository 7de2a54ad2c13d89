import { readdir, readFile, readlink } from 'node:fs/promises';

/** A live process of a state folder. */
export interface HomeProcess {
  readonly pid: number;
  readonly command: string;
}

/**
 * Processes that belong to a state folder: it is their `RATCHET_HOME`, or they work in it, as PostgreSQL's do, which write over their environment.
 * Linux only.
 */
export const homeProcesses = async (home: string): Promise<HomeProcess[]> => {
  const found: HomeProcess[] = [];
  for (const name of await readdir('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    const [environment, stat, command, folder] = await Promise.all([
      read(`/proc/${name}/environ`),
      read(`/proc/${name}/stat`),
      read(`/proc/${name}/cmdline`),
      readlink(`/proc/${name}/cwd`).catch(() => ''),
    ]);
    const state = stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
    const belongs = environment.split('\0').includes(`RATCHET_HOME=${home}`) || folder === home || folder.startsWith(`${home}/`);
    if (belongs && state !== '' && !'ZX'.includes(state)) found.push({ pid, command: command.replaceAll('\0', ' ').trim() });
  }
  return found;
};

/** Kills all of them as a power cut does, until none is left; returns what was killed. */
export const killHome = async (home: string): Promise<HomeProcess[]> => {
  const killed = new Map<number, HomeProcess>();
  for (;;) {
    const left = await homeProcesses(home);
    if (left.length === 0) return [...killed.values()];
    for (const found of left) {
      killed.set(found.pid, found);
      killIfAlive(found.pid);
    }
  }
};

const read = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');

const killIfAlive = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it ended by itself
  }
};
