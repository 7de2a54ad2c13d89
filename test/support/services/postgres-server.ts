import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort } from '../../../src/runtime/free-port.js';
import { postgresBinaries, postgresCommand } from '../../../src/runtime/postgres/postgres-binaries.js';

const START_WITHIN_MS = 40_000;
/** Of a process's own: those of processes that were started together, and so have neighbouring ids, do not take each other's port while a server is away. */
const PORTS = 30;

/** A PostgreSQL of the tests' own on a free loopback port, in a temporary folder that `remove` deletes. */
export interface PostgresServer {
  readonly url: string;
  /** Kills the postmaster, as a power cut for the process would. */
  kill(): Promise<void>;
  /** Starts it again on the same folder and port; resolves when it answers. */
  start(): Promise<void>;
  remove(): Promise<void>;
}

/** Initialises a cluster with the given settings (`-c` of postgres) and starts it. */
export const startPostgresServer = async (settings: Readonly<Record<string, string>> = {}): Promise<PostgresServer> => {
  const folder = await mkdtemp(join(tmpdir(), 'ratchet-postgres-'));
  const data = join(folder, 'data');
  const password = randomBytes(12).toString('hex');
  let port = 20_000 + (process.pid % 400) * PORTS;
  let hasStarted = false;
  const url = (): string => `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
  const { initdb, postgres } = postgresBinaries();
  await linkLibraries(initdb);
  await writeFile(join(folder, 'password'), password, { mode: 0o600 });
  const command = postgresCommand(initdb, [
    `--pgdata=${data}`,
    '--username=postgres',
    `--pwfile=${join(folder, 'password')}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--no-locale',
    '--no-sync',
  ]);
  await promisify(execFile)(command.file, command.args);
  const args = (): string[] =>
    Object.entries({ ...settings, port: String(port), listen_addresses: '127.0.0.1', unix_socket_directories: '' }).flatMap(
      ([name, value]) => ['-c', `${name}=${value}`],
    );
  let running: ChildProcess | null = null;
  const server: PostgresServer = {
    get url() {
      return url();
    },
    async start() {
      // After a kill the old backends may hold their shared memory for a moment, and the new server ends at once.
      const givenUp = Date.now() + START_WITHIN_MS;
      do {
        if (Date.now() > givenUp) throw new Error(`postgres did not start in ${data} within ${START_WITHIN_MS / 1_000} s`);
        if (!hasStarted) port = await freePort(port + 1); // until it listens, another process may take the port that was free
        running = launch(postgres, ['-D', data, ...args()]);
      } while (!(await answers(url(), running)));
      hasStarted = true;
    },
    async kill() {
      if (running !== null) await end(running);
      running = null;
    },
    async remove() {
      await server.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
};

// npm packs no symbolic links; this is the package's own install script, which does not run here.
const linkLibraries = async (initdb: string): Promise<void> => {
  await promisify(execFile)(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: resolve(dirname(initdb), '../..') });
};

const launch = (postgres: string, args: readonly string[]): ChildProcess => {
  const command = dyingWithParent(postgres, args);
  const child = spawn(command.file, command.args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints = (complaints + text).slice(-4_000)));
  child.once('exit', (code) => {
    if (code !== null && code !== 0) console.error(`postgres ended with code ${code}:\n${complaints}`);
  });
  const killAtExit = (): void => void child.kill('SIGKILL');
  process.once('exit', killAtExit);
  child.once('exit', () => process.removeListener('exit', killAtExit));
  return child;
};

// The kernel kills the server when the test process is itself killed and runs no exit handler.
const dyingWithParent = (postgres: string, args: readonly string[]): ReturnType<typeof postgresCommand> =>
  existsSync('/usr/bin/setpriv')
    ? postgresCommand('/usr/bin/setpriv', ['--pdeathsig', 'KILL', postgres, ...args])
    : postgresCommand(postgres, args);

const end = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
};

const answers = async (connectionString: string, child: ChildProcess): Promise<boolean> => {
  while (child.exitCode === null && child.signalCode === null) {
    const client = new pg.Client({ connectionString, connectionTimeoutMillis: 1_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return true;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 25));
    } finally {
      await client.end().catch(() => undefined);
    }
  }
  return false;
};
