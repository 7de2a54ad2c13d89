import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { adoptDaemon, launchDaemon, untilReady } from '../processes/daemon.js';
import type { Daemon } from '../processes/daemon.js';
import { freePort, isFree } from '../free-port.js';
import { launchOnFreePorts } from '../launch-on-free-ports.js';
import { postgresBinaries, postgresCommand } from './postgres-binaries.js';
import { openCluster, rememberPort, ROLE } from './postgres-cluster.js';
import type { PostgresCluster } from './postgres-cluster.js';
import { clearKilledPostmaster, readPostmaster } from './postmaster.js';
import { identifyProcess, isRunning } from '../processes/process-identity.js';
import type { ProcessIdentity } from '../processes/process-identity.js';
import { kill } from '../processes/stop-process.js';
import type { Ending } from '../processes/stop-process.js';

export interface PostgresServer extends Daemon {
  readonly url: string;
  readonly port: number;
}

export interface PostgresOptions {
  /** Folder of the cluster and its access file. */
  readonly folder: string;
  readonly log: string;
  /** Ends a start in progress. */
  readonly signal: AbortSignal;
  /** Keeps the port of an earlier start, which clients know. */
  readonly port?: number;
}

const DATABASE = 'ratchet';
const HOST = '127.0.0.1';
const READY_POLL_MS = 25;
const CONNECT_TIMEOUT_MS = 5_000;
const STOP_GRACE_MS = 30_000;
const LEFT_PATIENCE_MS = 30_000;

/** Starts the embedded PostgreSQL, or adopts it when an earlier supervisor left it running; resolves when the database answers. */
export const startPostgres = async ({ folder, log, signal, port: fixedPort }: PostgresOptions): Promise<PostgresServer> => {
  const cluster = await openCluster(folder);
  const left = await findLeft(cluster, signal);
  if (left !== null) {
    const daemon = adoptDaemon(left.identity, fastShutdown(cluster.data));
    return { ...daemon, port: left.port, url: urlOf(cluster, left.port, DATABASE) };
  }
  await clearKilledPostmaster(cluster.data);
  const launch = (port: number): Promise<PostgresServer> => launchServer(cluster, port, log, signal);
  const server = await (fixedPort === undefined
    ? launchOnFreePorts(
        () => freePort(cluster.port),
        launch,
        (port) => [port],
      )
    : launch(fixedPort));
  await rememberPort(folder, cluster, server.port);
  await createDatabase(urlOf(cluster, server.port, 'postgres'));
  return server;
};

const launchServer = async (cluster: PostgresCluster, port: number, log: string, signal: AbortSignal): Promise<PostgresServer> => {
  const settings = { port, listen_addresses: HOST, unix_socket_directories: '' };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const command = postgresCommand(postgresBinaries().postgres, ['-D', cluster.data, ...args]);
  const daemon = await launchDaemon(command, { log, ending: fastShutdown(cluster.data) });
  await untilReady(daemon, {
    check: () => answers(urlOf(cluster, port, 'postgres')),
    describe: (how) => `PostgreSQL did not come up (${how}); its last words are in ${log}`,
    everyMs: READY_POLL_MS,
    signal,
  });
  return { ...daemon, port, url: urlOf(cluster, port, DATABASE) };
};

const urlOf = ({ password }: PostgresCluster, port: number, database: string): string =>
  `postgres://${ROLE}:${password}@${HOST}:${port}/${database}`;

/** Clients are disconnected, transactions rolled back, and the cluster is left clean. Windows knows no SIGINT for a detached process. */
const fastShutdown = (data: string): Ending => ({
  graceMs: STOP_GRACE_MS,
  async ask(pid) {
    if (process.platform !== 'win32') {
      kill(pid, 'SIGINT');
      return;
    }
    const control = join(dirname(postgresBinaries().postgres), 'pg_ctl.exe');
    await promisify(execFile)(control, ['stop', '--mode=fast', '--no-wait', `--pgdata=${data}`]);
  },
});

/**
 * A server that runs on this very cluster: PostgreSQL's own record says which process and port, and the server itself confirms the folder.
 * One that is still starting or recovering is waited for.
 */
const findLeft = async (cluster: PostgresCluster, signal: AbortSignal): Promise<{ identity: ProcessIdentity; port: number } | null> => {
  const record = await readPostmaster(cluster.data);
  if (record === null) return null;
  const { pid, port } = record;
  const identity = await identifyProcess(pid);
  const givenUp = Date.now() + LEFT_PATIENCE_MS;
  while (identity !== null && Date.now() < givenUp && !signal.aborted) {
    if (await servesFolder(urlOf(cluster, port, 'postgres'), cluster.data)) return { identity, port };
    if (!(await isRunning(identity)) || (await isFree(port))) break;
    await wait(READY_POLL_MS);
  }
  return null;
};

const servesFolder = (url: string, data: string): Promise<boolean> =>
  withClient(url, async (client) => {
    const { rows } = await client.query<{ data_directory: string }>('show data_directory');
    return rows[0]?.data_directory === data;
  }).catch(() => false);

/** Whether a PostgreSQL lets us in. */
export const answers = (url: string): Promise<boolean> => withClient(url, () => Promise.resolve(true)).catch(() => false);

const createDatabase = (url: string): Promise<void> =>
  withClient(url, async (client) => {
    const { rows } = await client.query('select from pg_database where datname = $1', [DATABASE]);
    if (rows.length === 0) await client.query(`create database ${DATABASE}`);
  });

const withClient = async <Result>(connectionString: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> => {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on('error', () => undefined); // a connection that breaks later also rejects the query in progress
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
};
