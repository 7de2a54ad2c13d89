import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Endpoints } from '../../../src/runtime/endpoints.js';
import type { PartEvent } from '../../../src/runtime/keep-running.js';
import { temporalExecutable } from '../../support/services/temporal.js';

type Message =
  { kind: 'event'; event: PartEvent } | { kind: 'up'; endpoints: Endpoints } | { kind: 'failed'; name: string; message: string };

export interface RatchetProcess {
  readonly pid: number;
  readonly events: readonly PartEvent[];
  /** Where its parts are reached; rejects with the error's name and message when it does not come up. */
  readonly up: Promise<Endpoints>;
  /** Resolves with the next event that matches, also one that came before. */
  event(part: string, kind: PartEvent['kind'], count?: number): Promise<PartEvent>;
  kill(signal: NodeJS.Signals): Promise<void>;
}

export interface RatchetProcessOptions {
  readonly home: string;
  readonly services?: Readonly<Record<string, string>>;
  readonly port?: number;
  readonly env?: NodeJS.ProcessEnv;
}

export const smallService = fileURLToPath(new URL('small-service.js', import.meta.url));

/** Starts a supervisor in a process of its own on `home`, with real servers. */
export const startRatchetProcess = async ({ home, services = {}, port = 0, env = {} }: RatchetProcessOptions): Promise<RatchetProcess> => {
  const cli = await temporalExecutable();
  const child = fork(fileURLToPath(new URL('supervisor.js', import.meta.url)), [], {
    execArgv: ['--enable-source-maps'],
    env: {
      ...process.env,
      PATH: `${join(cli, '..')}:${process.env.PATH ?? ''}`,
      RATCHET_HOME: home,
      DATABASE_URL: '',
      TEMPORAL_ADDRESS: '',
      SERVICES: JSON.stringify(services),
      PORT: String(port),
      ...env,
    },
  });
  const events: PartEvent[] = [];
  const exited = once(child, 'exit');
  const up = new Promise<Endpoints>((resolve, reject) => {
    child.on('message', (message: Message) => {
      if (message.kind === 'event') events.push(message.event);
      else if (message.kind === 'up') resolve(message.endpoints);
      else reject(new Error(`${message.name}: ${message.message}`));
    });
    void exited.then(([code, signal]) => reject(new Error(`the supervisor ended (${String(signal ?? code)})`)));
  });
  up.catch(() => undefined);
  const describe = (): string => events.map((event) => `${event.part} ${event.kind}`).join(', ');
  return {
    pid: child.pid ?? 0,
    events,
    up,
    async event(part, kind, count = 1) {
      for (;;) {
        const found = events.filter((event) => event.part === part && event.kind === kind)[count - 1];
        if (found !== undefined) return found;
        if (child.exitCode !== null || child.signalCode !== null)
          throw new Error(`the supervisor ended without ${part} ${kind}: ${describe()}`);
        await Promise.race([once(child, 'message'), exited]);
      }
    },
    async kill(signal) {
      child.kill(signal);
      await exited;
    },
  };
};

/** A folder for `RATCHET_HOME`; `remove` also kills what still runs on it. */
export const temporaryHome = async (): Promise<{ path: string; remove(): Promise<void> }> => {
  const path = await mkdtemp(join(tmpdir(), 'ratchet-home-'));
  return {
    path,
    async remove() {
      for (const pid of await leftProcesses(path)) killIfAlive(pid);
      await rm(path, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};

/** Process number of the PostgreSQL, Temporal or first service that the supervisor on `home` noted; NaN when none is. */
export const notedPid = async (home: string, part: 'postgresql' | 'temporal' | 'service'): Promise<number> => {
  const note = {
    postgresql: ['pg', 'data', 'postmaster.pid'],
    temporal: ['temporal', 'server.json'],
    service: ['runtime', 'services.json'],
  }[part];
  const text = await readFile(join(home, ...note), 'utf8').catch(() => '');
  return Number((part === 'postgresql' ? /^(\d+)/ : /"pid": (\d+)/).exec(text)?.[1]);
};

const leftProcesses = async (home: string): Promise<number[]> => {
  const pids = await Promise.all((['postgresql', 'temporal', 'service'] as const).map((part) => notedPid(home, part)));
  return pids.filter((pid) => pid > 0);
};

const killIfAlive = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it ended by itself
  }
};
