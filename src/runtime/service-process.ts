import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Logger } from '../domain/ports.js';
import { relayLines } from '../telemetry/relay.js';
import { LaunchFailed } from './processes/daemon.js';
import type { Running } from './processes/daemon.js';
import { identifyProcess } from './processes/process-identity.js';
import type { ProcessIdentity } from './processes/process-identity.js';
import { kill, stopProcess } from './processes/stop-process.js';

/** The processes that make up Ratchet, by their entry files. */
export const SERVICES = {
  orchestration: workerFile('orchestration'),
  cpu: workerFile('cpu'),
  trainer: workerFile('trainer'),
  api: workerFile('api'),
} as const satisfies Record<string, string>;

function workerFile(name: string): string {
  return fileURLToPath(new URL(`../workers/${name}.js`, import.meta.url));
}

export interface Service extends Running {
  readonly identity: ProcessIdentity;
  /** The port that it says it serves, if it serves one. */
  readonly port: number | null;
}

export interface ServiceOptions {
  readonly name: string;
  readonly file: string;
  readonly env: NodeJS.ProcessEnv;
  readonly logger: Logger;
  /** Ends a start in progress. */
  readonly signal: AbortSignal;
}

/** A trainer that is asked to stop writes a checkpoint first. */
const STOP_GRACE_MS = 45_000;
const ready = z.object({ kind: z.literal('ready'), port: z.number().int().optional() });

/**
 * Forks a service and resolves when it says that it serves. It gets a session of its own, so that a Ctrl-C reaches the supervisor alone,
 * and ends by itself when the channel to the supervisor closes. What it prints goes to `logger`. Throws `LaunchFailed`.
 */
export const startService = async ({ name, file, env, logger, signal }: ServiceOptions): Promise<Service> => {
  const child = fork(file, [], { detached: true, env, execArgv: ['--enable-source-maps'], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  for (const stream of [child.stdout, child.stderr]) if (stream !== null) relayLines(stream, logger, { service: name });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, killedBy) => resolve(killedBy === null ? `exit code ${code ?? 'unknown'}` : `ended by ${killedBy}`));
  });
  const identity = child.pid === undefined ? null : await identifyProcess(child.pid);
  if (identity === null) throw new LaunchFailed(`the ${name} service could not be started (${await ended}); its log says more`);
  const ask = (pid: number): void => {
    if (process.platform === 'win32' && child.connected) child.disconnect();
    else kill(pid, 'SIGTERM');
  };
  const stop = (): Promise<void> => stopProcess(identity, ended, { ask, graceMs: STOP_GRACE_MS });
  const message = new Promise<z.infer<typeof ready>>((resolve) => {
    child.on('message', (received) => {
      const parsed = ready.safeParse(received);
      if (parsed.success) resolve(parsed.data);
    });
  });
  const aborted = new Promise<string>((resolve) => {
    const giveUp = (): void => resolve('stopped while it started');
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
  });
  const outcome = await Promise.race([message, ended, aborted]);
  if (typeof outcome !== 'string') return { identity, ended, stop, port: outcome.port ?? null };
  await stop();
  throw new LaunchFailed(`the ${name} service did not come up (${outcome}); its log says more`);
};
