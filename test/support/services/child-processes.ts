import { readdir, readFile } from 'node:fs/promises';

/** Ids of live processes that `parent` started and whose command line holds `part`. Linux only. */
export const childProcesses = async (parent: number, part: string): Promise<number[]> => {
  const found: number[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const [status, command] = await Promise.all([read(`/proc/${name}/stat`), read(`/proc/${name}/cmdline`)]);
    // The command's name, in brackets, may hold anything; state and parent come after it.
    const [state, ppid] = status.slice(status.lastIndexOf(')') + 2).split(' ');
    if (Number(ppid) === parent && state !== 'Z' && command.includes(part)) found.push(Number(name));
  }
  return found;
};

const read = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');
