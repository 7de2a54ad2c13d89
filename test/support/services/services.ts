import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAllTests } from '../hooks.js';

export type ServiceName = 'orchestration' | 'cpu' | 'trainer' | 'api';

export interface ServiceEnvironment {
  readonly home: string;
  /** What all machines share, where that is not the home. */
  readonly store?: string;
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  readonly temporalNamespace: string;
  /** Path of a configuration file. */
  readonly config: string;
  /** Options of Node.js, also for the processes that it forks. */
  readonly nodeOptions?: string;
  /** Further variables. */
  readonly variables?: Readonly<Record<string, string>>;
}

export interface Service {
  readonly process: ChildProcess;
  /** What it said with `ready`. */
  readonly details: Readonly<Record<string, unknown>>;
  /** Ends it as the supervisor does, and waits. */
  stop(): Promise<void>;
  /** Kills it as a crash does, and waits. */
  kill(): Promise<void>;
}

/** Starts a service as the supervisor does, in a process of its own, and waits until it serves; what it logs is in `<home>/NAME.log`. */
export const startService = async (name: ServiceName, environment: ServiceEnvironment): Promise<Service> => {
  const { home, store = home, databaseUrl, temporalAddress, temporalNamespace, config, nodeOptions, variables } = environment;
  const entry = fileURLToPath(new URL(`../../../src/workers/${name}.js`, import.meta.url));
  const child = fork(entry, [], {
    execArgv: ['--enable-source-maps'],
    silent: true,
    env: {
      ...process.env,
      RATCHET_HOME: home,
      RATCHET_STORE: store,
      DATABASE_URL: databaseUrl,
      TEMPORAL_ADDRESS: temporalAddress,
      TEMPORAL_NAMESPACE: temporalNamespace,
      RATCHET_CONFIG: config,
      ...(nodeOptions === undefined ? {} : { NODE_OPTIONS: nodeOptions }),
      ...variables,
    },
  });
  const log = createWriteStream(join(home, `${name}.log`), { flags: 'a' });
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  };
  afterAllTests(() => end('SIGKILL'));
  const details = await new Promise<Readonly<Record<string, unknown>>>((resolve, reject) => {
    child.once('exit', (code, signal) =>
      reject(new Error(`${name} ended with ${code ?? signal} before it served: see ${home}/${name}.log`)),
    );
    child.on('message', (message) => {
      if (isReady(message)) resolve(message);
    });
  });
  return { process: child, details, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') };
};

const isReady = (message: unknown): message is Readonly<Record<string, unknown>> =>
  typeof message === 'object' && message !== null && 'kind' in message && message.kind === 'ready';
