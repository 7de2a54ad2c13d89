import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it was started, in the operating system's own words; compared for equality only. */
  readonly startedAt: string;
}

/** The identity of a live process, or null when there is none (a zombie counts as none). */
export const identifyProcess = async (pid: number): Promise<ProcessIdentity | null> => {
  if (!Number.isInteger(pid) || pid <= 0) return null;
  const startedAt = await START_TIME[process.platform === 'linux' || process.platform === 'win32' ? process.platform : 'posix'](pid);
  return startedAt === null ? null : { pid, startedAt };
};

/** Whether the process that was identified still runs. */
export const isRunning = async ({ pid, startedAt }: ProcessIdentity): Promise<boolean> => {
  const now = await identifyProcess(pid);
  return now !== null && now.startedAt === startedAt;
};

const run = promisify(execFile);

const START_TIME = {
  /** State and start time in clock ticks since boot; the command name in brackets may hold anything, so fields count from the last one. */
  async linux(pid: number): Promise<string | null> {
    try {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const [state, ticks] = [fields[0], fields[19]];
      return state === undefined || ticks === undefined || 'ZX'.includes(state) ? null : `${await bootId()}:${ticks}`;
    } catch {
      return null; // gone
    }
  },
  async posix(pid: number): Promise<string | null> {
    try {
      const { stdout } = await run('ps', ['-o', 'stat=,lstart=', '-p', String(pid)]);
      const [state, ...started] = stdout.trim().split(/\s+/);
      return state === undefined || state.startsWith('Z') ? null : started.join(' ');
    } catch {
      return null;
    }
  },
  async win32(pid: number): Promise<string | null> {
    try {
      const { stdout } = await run('powershell.exe', ['-NoProfile', '-Command', `(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`]);
      return stdout.trim() === '' ? null : stdout.trim();
    } catch {
      return null;
    }
  },
} as const;

/** Ticks count from the boot, so the boot is part of a process's identity. */
const bootId = async (): Promise<string> => {
  try {
    return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  } catch {
    return 'unknown-boot';
  }
};
