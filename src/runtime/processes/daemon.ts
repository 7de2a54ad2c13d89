import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { identifyProcess, isRunning } from './process-identity.js';
import type { ProcessIdentity } from './process-identity.js';
import { stopProcess } from './stop-process.js';
import type { Ending } from './stop-process.js';

/** A process that is watched until it ends. */
export interface Running {
  /** Resolves, in words, when it has ended, however that came. */
  readonly ended: Promise<string>;
  /** Asks it to end, waits, and kills it when it does not. */
  stop(): Promise<void>;
}

/** A server of ours that outlives a killed supervisor, to be adopted by the next one. */
export interface Daemon extends Running {
  readonly identity: ProcessIdentity;
  readonly adopted: boolean;
}

export class LaunchFailed extends Error {
  override readonly name = 'LaunchFailed';
}

const ADOPTED_POLL_MS = 250;

/** Starts a server detached, in a session of its own that no Ctrl-C of the terminal reaches; its output is appended to `log`. Throws `LaunchFailed`. */
export const launchDaemon = async (
  command: { readonly file: string; readonly args: readonly string[] },
  { log, env, ending }: { readonly log: string; readonly env?: NodeJS.ProcessEnv; readonly ending: Ending },
): Promise<Daemon> => {
  const output = await open(log, 'a', 0o600);
  try {
    const child = spawn(command.file, command.args, {
      detached: true,
      windowsHide: true,
      stdio: ['ignore', output.fd, output.fd],
      ...(env === undefined ? {} : { env }),
    });
    const ended = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code ?? 'unknown'}` : `ended by ${signal}`));
    });
    const { pid } = child;
    const identity = pid === undefined ? null : await identifyProcess(pid);
    if (identity === null) throw new LaunchFailed(`${command.file} could not be started (${await ended}); see ${log}`);
    return { identity, adopted: false, ended, stop: () => stopProcess(identity, ended, ending) };
  } finally {
    await output.close();
  }
};

/** Watches a server that an earlier supervisor left. */
export const adoptDaemon = (identity: ProcessIdentity, ending: Ending): Daemon => {
  const ended = (async () => {
    while (await isRunning(identity)) await wait(ADOPTED_POLL_MS, undefined, { ref: false });
    return 'ended';
  })();
  return { identity, adopted: true, ended, stop: () => stopProcess(identity, ended, ending) };
};

/** Resolves when `check` says true; throws `LaunchFailed` with the words of `describe` when the process ends before, and stops it when `signal` aborts. */
export const untilReady = async (
  running: Running,
  {
    check,
    describe,
    everyMs,
    signal,
  }: { check: () => Promise<boolean>; describe: (how: string) => string; everyMs: number; signal: AbortSignal },
): Promise<void> => {
  const ended = running.ended.then((how) => ({ how }));
  for (;;) {
    if (await check()) return;
    const outcome = await Promise.race([ended, wait(everyMs, null, { signal }).catch(() => null)]);
    if (outcome !== null) throw new LaunchFailed(describe(outcome.how));
    if (signal.aborted) {
      await running.stop();
      throw new LaunchFailed(describe('stopped while it started'));
    }
  }
};
