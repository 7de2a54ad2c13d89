import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { freePort } from '../../src/runtime/free-port.js';
import { listensOn } from '../../src/runtime/listening.js';
import { startPostgres, type PostgresServer } from '../../src/runtime/postgres/postgres-server.js';
import { startTemporal, type TemporalPorts, type TemporalServer } from '../../src/runtime/temporal/temporal-server.js';
import { temporalExecutable } from '../support/services/temporal.js';
import { until } from '../support/until.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('startTemporal', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();

  const start = async (name: string, ports: TemporalPorts): Promise<TemporalServer> => {
    const own = join(folder(), name);
    await mkdir(own);
    return startTemporal({
      executable: await temporalExecutable(),
      database: join(own, 'temporal.db'),
      namespace: 'default',
      folder: own,
      log: join(own, 'temporal.log'),
      signal: new AbortController().signal,
      ports,
    });
  };

  it('does not take another server for its own, when that took the port first', async function () {
    if (process.platform !== 'linux') this.skip(); // who listens is seen in /proc
    const ports = { port: await freePort(24_233), uiPort: await freePort(25_233), httpPort: await freePort(26_233) };
    const first = await start('first', ports);
    try {
      await assert.rejects(start('second', ports), /LaunchFailed: .* (did not come up|could not be started)/);
      assert.equal(await listensOn(first.identity.pid, ports.port), true);
    } finally {
      await first.stop();
    }
  });
});

describe('startPostgres', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  const start = (): Promise<PostgresServer> =>
    startPostgres({ folder: folder(), log: join(folder(), 'log'), signal: new AbortController().signal });

  it('starts though the number of a postmaster that was killed is still there, as a zombie or as another program', async function () {
    if (process.platform !== 'linux') this.skip(); // who works in a folder is seen in /proc
    const first = await start();
    const note = join(folder(), 'data', 'postmaster.pid');
    const [, ...rest] = (await readFile(note, 'utf8')).split('\n');
    await first.stop();
    const careless = spawn('sh', ['-c', 'sleep 0.5 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      const [written] = (await once(careless.stdout.setEncoding('utf8'), 'data')) as [string];
      const zombie = written.trim();
      await until(async () => (await readFile(`/proc/${zombie}/stat`, 'utf8')).includes(') Z '));
      for (const pid of [zombie, String(careless.pid)]) {
        assert.ok(process.kill(Number(pid), 0), 'its number is there');
        await writeFile(note, [pid, ...rest].join('\n'));
        await (await start()).stop();
      }
    } finally {
      careless.kill();
    }
  });
});

describe('two servers that start at the same moment and prefer the same port', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  const names = ['first', 'second'] as const;

  const startBoth = async <Server extends { readonly port: number; stop(): Promise<void> }>(start: (own: string) => Promise<Server>) => {
    const servers = await Promise.allSettled(names.map((name) => start(join(folder(), name))));
    for (const server of servers) if (server.status === 'fulfilled') await server.value.stop();
    return servers.map((server) => (server.status === 'fulfilled' ? server.value.port : String(server.reason)));
  };
  const signal = new AbortController().signal;

  it('are both up, each on a port of its own (PostgreSQL)', async () => {
    const start = async (own: string): Promise<PostgresServer> => {
      await mkdir(own, { recursive: true });
      return startPostgres({ folder: own, log: join(own, 'log'), signal });
    };
    // Made one after the other, both remember the same port.
    for (const name of names) await (await start(join(folder(), name))).stop();
    const [one, other] = await startBoth(start);
    assert.deepEqual([typeof one, typeof other, one === other], ['number', 'number', false], `${one}, ${other}`);
  });

  it('are both up, each on a port of its own (Temporal)', async () => {
    const executable = await temporalExecutable();
    const [one, other] = await startBoth(async (own) => {
      await mkdir(own, { recursive: true });
      const database = join(own, 'temporal.db');
      return startTemporal({ executable, database, namespace: 'default', folder: own, log: join(own, 'log'), signal });
    });
    assert.deepEqual([typeof one, typeof other, one === other], ['number', 'number', false], `${one}, ${other}`);
  });
});

describe('listensOn', () => {
  it('is true of the process that listens, and false of others and after the end', async function () {
    if (process.platform !== 'linux') this.skip();
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    assert(address !== null && typeof address === 'object');
    assert.equal(await listensOn(process.pid, address.port), true);
    assert.equal(await listensOn(process.ppid, address.port), false);
    server.close();
    await once(server, 'close');
    assert.equal(await listensOn(process.pid, address.port), false);
  });
});
