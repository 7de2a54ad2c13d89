import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { searchAttributes } from '../../domain/orchestration/search-attributes.js';
import { adoptDaemon, launchDaemon, untilReady } from '../processes/daemon.js';
import type { Daemon } from '../processes/daemon.js';
import { freePort } from '../free-port.js';
import { launchOnFreePorts } from '../launch-on-free-ports.js';
import { listensOn } from '../listening.js';
import { processesWithOpenFile } from '../processes/open-files.js';
import { identifyProcess, isRunning } from '../processes/process-identity.js';
import type { ProcessIdentity } from '../processes/process-identity.js';
import { readStateFile, writeStateFile } from '../state-file.js';
import { temporalServes } from './temporal-connection.js';
import { kill } from '../processes/stop-process.js';
import type { Ending } from '../processes/stop-process.js';

export interface TemporalPorts {
  readonly port: number;
  readonly uiPort: number;
  readonly httpPort: number;
}

export interface TemporalServer extends Daemon, TemporalPorts {
  readonly address: string;
}

export interface TemporalOptions {
  readonly executable: string;
  /** Database file, or null for a server that forgets everything at its end. */
  readonly database: string | null;
  /** Folder for the note that a later supervisor adopts the server by. */
  readonly folder: string;
  readonly log: string;
  readonly namespace: string;
  readonly signal: AbortSignal;
  /** Keeps the ports of an earlier start, which clients know. */
  readonly ports?: TemporalPorts;
}

/** A second server on the file would start, report that it serves, and corrupt it. */
export class DatabaseInUse extends Error {
  override readonly name = 'DatabaseInUse';
  constructor(database: string, pids: readonly number[]) {
    super(
      `another process (${pids.join(', ')}) has Temporal's database ${database} open: stop it ("kill ${pids.join(' ')}") and start again`,
    );
  }
}

const HOST = '127.0.0.1';
const PREFERRED: TemporalPorts = { port: 7_233, uiPort: 8_233, httpPort: 7_243 };
const READY_POLL_MS = 50;

/** Runs in order of priority with fairness between instruments; one partition, because several would each have an order of their own. */
export const dynamicConfig = {
  'matching.useNewMatcher': true,
  'matching.enableFairness': true,
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
} as const;

const note = z.object({
  server: z.object({ pid: z.number().int(), startedAt: z.string() }).nullable(),
  ports: z.object({ port: z.number().int(), uiPort: z.number().int(), httpPort: z.number().int() }),
});

/**
 * Starts the development server, or adopts the one that an earlier supervisor left; resolves when it does its whole work.
 * Call it under a lock of the database. Throws `DatabaseInUse` and `LaunchFailed`.
 */
export const startTemporal = async (options: TemporalOptions): Promise<TemporalServer> => {
  const { database, namespace } = options;
  const known = await readStateFile(noteFile(options), note);
  const left = await findLeft(database, known);
  if (left !== null) {
    const server = { ...adoptDaemon(left.identity, shutdown), ...left.ports, address: addressOf(left.ports) };
    if (await temporalServes({ address: server.address }, namespace)) return server;
    await server.stop(); // it hangs, or lacks the namespace
  }
  const launch = (ports: TemporalPorts): Promise<TemporalServer> => launchServer(options, ports);
  if (options.ports !== undefined) return launch(options.ports);
  return launchOnFreePorts(
    () => choosePorts(known?.ports ?? PREFERRED),
    launch,
    ({ port, uiPort, httpPort }) => [port, uiPort, httpPort],
  );
};

const launchServer = async (options: TemporalOptions, ports: TemporalPorts): Promise<TemporalServer> => {
  const { executable, namespace, log, signal } = options;
  await writeStateFile(noteFile(options), { server: null, ports });
  const daemon = await launchDaemon(
    { file: executable, args: serverArguments(options, ports) },
    { log, env: environment(), ending: shutdown },
  );
  await writeStateFile(noteFile(options), { server: daemon.identity, ports });
  await untilReady(daemon, {
    check: async () => (await temporalServes({ address: addressOf(ports) }, namespace)) && (await isOurs(daemon, ports)),
    describe: (how) => `the Temporal server did not come up (${how}); its last words are in ${log}`,
    everyMs: READY_POLL_MS,
    signal,
  });
  return { ...daemon, ...ports, address: addressOf(ports) };
};

const noteFile = ({ folder }: TemporalOptions): string => join(folder, 'server.json');
const addressOf = ({ port }: TemporalPorts): string => `${HOST}:${port}`;
const shutdown: Ending = { ask: (pid) => kill(pid, 'SIGTERM'), graceMs: 15_000 };

/** Another Ratchet that starts at the same moment may have found the same port free: its server would answer in the place of this one. */
const isOurs = async ({ identity }: Daemon, { port }: TemporalPorts): Promise<boolean> => (await listensOn(identity.pid, port)) !== false;

const choosePorts = async (preferred: TemporalPorts): Promise<TemporalPorts> => {
  const taken = new Set<number>();
  const choose = async (wanted: number): Promise<number> => {
    const chosen = await freePort(wanted, taken);
    taken.add(chosen);
    return chosen;
  };
  return { port: await choose(preferred.port), uiPort: await choose(preferred.uiPort), httpPort: await choose(preferred.httpPort) };
};

const serverArguments = ({ database, namespace }: TemporalOptions, { port, uiPort, httpPort }: TemporalPorts): string[] => [
  ...['server', 'start-dev', '--ip', HOST, '--port', String(port), '--ui-port', String(uiPort), '--http-port', String(httpPort)],
  ...(database === null ? [] : ['--db-filename', database]),
  ...(namespace === 'default' ? [] : ['--namespace', namespace]),
  ...['--log-level', 'warn', '--log-format', 'json'],
  ...Object.entries(dynamicConfig).flatMap(([key, value]) => ['--dynamic-config-value', `${key}=${value}`]),
  ...Object.entries(searchAttributes).flatMap(([name, type]) => ['--search-attribute', `${name}=${type}`]),
];

/** The command line reads the same variables as its clients do; the server must not. */
const environment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('TEMPORAL_')));

/** The server that the note names, or, when the supervisor was killed before it could note it, the one that has the database open. */
const findLeft = async (
  database: string | null,
  known: z.infer<typeof note> | null,
): Promise<{ identity: ProcessIdentity; ports: TemporalPorts } | null> => {
  const noted = known?.server ?? null;
  if (known !== null && noted !== null && (await isRunning(noted))) return { identity: noted, ports: known.ports };
  if (database === null) return null;
  const pids = await processesWithOpenFile(await realpath(database).catch(() => database));
  const [pid] = pids;
  if (pid === undefined) return null;
  const identity = await identifyProcess(pid);
  const launchedUnnoted = known?.server === null;
  if (!launchedUnnoted || identity === null || pids.length > 1) throw new DatabaseInUse(database, pids);
  return { identity, ports: known.ports };
};
