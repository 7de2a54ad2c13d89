import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import { identifyProcess } from '../../src/runtime/processes/process-identity.js';
import { readEndpoints } from '../../src/runtime/endpoints.js';
import { freePort } from '../../src/runtime/free-port.js';
import { homeAt } from '../../src/runtime/home.js';
import { startTemporal } from '../../src/runtime/temporal/temporal-server.js';
import { startPostgresServer } from '../support/services/postgres-server.js';
import { temporalExecutable } from '../support/services/temporal.js';
import { notedPid, smallService, startRatchetProcess, temporaryHome } from './support/ratchet-process.js';

describe('startRatchet', function () {
  this.timeout(120_000);
  let home: Awaited<ReturnType<typeof temporaryHome>>;
  beforeEach(async () => (home = await temporaryHome()));
  afterEach(() => home.remove());

  it('adopts the servers of a supervisor killed with SIGKILL, with everything in them', async () => {
    const first = await startRatchetProcess({ home: home.path, services: { small: smallService } });
    const { databaseUrl, temporalAddress } = await first.up;
    await query(databaseUrl, 'create table kept (n int)');
    await startUnservedWorkflow(temporalAddress);
    const servicePid = await notedPid(home.path, 'service');
    await first.kill('SIGKILL');

    const second = await startRatchetProcess({ home: home.path, services: { small: smallService } });
    const again = await second.up;
    assert.equal(again.databaseUrl, databaseUrl);
    assert.equal(again.temporalAddress, temporalAddress);
    await second.event('postgresql', 'adopted');
    await second.event('temporal', 'adopted');
    await query(again.databaseUrl, 'insert into kept values (1)');
    assert.equal(await statusOfUnservedWorkflow(again.temporalAddress), 'RUNNING');
    assert.equal(await identifyProcess(servicePid), null, 'the first set of services must have ended');
    await second.kill('SIGTERM');
  });

  it('stops the services first, then Temporal, then PostgreSQL, and starts again with its data', async () => {
    const first = await startRatchetProcess({ home: home.path, services: { small: smallService } });
    const { databaseUrl, temporalAddress } = await first.up;
    await query(databaseUrl, 'create table kept (n int)');
    await startUnservedWorkflow(temporalAddress);
    await first.kill('SIGTERM');
    const stopped = first.events.filter(({ kind }) => kind === 'stopped').map(({ part }) => part);
    assert.deepEqual(stopped, ['small', 'temporal', 'postgresql']);
    assert.equal(await readEndpoints(homeAt(home.path)), null);

    const second = await startRatchetProcess({ home: home.path });
    const again = await second.up;
    await second.event('postgresql', 'ready');
    await query(again.databaseUrl, 'insert into kept values (1)');
    assert.equal(await statusOfUnservedWorkflow(again.temporalAddress), 'RUNNING');
    await second.kill('SIGTERM');
  });

  it('starts PostgreSQL, Temporal and a service again on their old ports when they are killed', async () => {
    const ratchet = await startRatchetProcess({ home: home.path, services: { small: smallService } });
    const { databaseUrl, temporalAddress } = await ratchet.up;
    await query(databaseUrl, 'create table kept (n int)');
    await startUnservedWorkflow(temporalAddress);
    for (const part of ['postgresql', 'temporal', 'service'] as const) process.kill(await notedPid(home.path, part), 'SIGKILL');
    await ratchet.event('postgresql', 'ready', 2);
    await ratchet.event('temporal', 'ready', 2);
    await ratchet.event('small', 'ready', 2);
    await query(databaseUrl, 'insert into kept values (1)');
    assert.equal(await statusOfUnservedWorkflow(temporalAddress), 'RUNNING');
    await ratchet.kill('SIGTERM');
  });

  it('refuses a second supervisor on the same folder and leaves the first alone', async () => {
    const first = await startRatchetProcess({ home: home.path });
    const { databaseUrl } = await first.up;
    const second = await startRatchetProcess({ home: home.path });
    await assert.rejects(second.up, new RegExp(`HomeInUse: .*process ${first.pid}`));
    await query(databaseUrl, 'select 1');
    await first.kill('SIGTERM');
  });

  it('takes the next free port for the API when the configured one is in use, and says so', async () => {
    const occupant = createServer().listen(0, '127.0.0.1');
    await once(occupant, 'listening');
    const address = occupant.address();
    assert(address !== null && typeof address === 'object');
    const ratchet = await startRatchetProcess({
      home: home.path,
      port: address.port,
      services: { small: smallService },
      env: { RATCHET_DEPLOYMENT: 'ratchet' },
    });
    const { api } = await ratchet.up;
    assert(Number(new URL(api ?? '').port) > address.port);
    assert.match((await ratchet.event('api', 'starting')).text, new RegExp(`port ${address.port} is in use`));
    await ratchet.kill('SIGTERM');
    occupant.close();
  });

  it('waits for an external PostgreSQL, saying so without the password, and goes on when it answers', async () => {
    const postgres = await startPostgresServer();
    await postgres.kill();
    const ratchet = await startRatchetProcess({ home: home.path, env: { DATABASE_URL: postgres.url } });
    const { text } = await ratchet.event('postgresql', 'waiting');
    assert.match(text, /waiting for PostgreSQL at 127\.0\.0\.1:\d+/);
    assert(!text.includes(new URL(postgres.url).password));
    await postgres.start();
    assert.equal((await ratchet.up).databaseUrl, postgres.url);
    await ratchet.kill('SIGTERM');
    await query(postgres.url, 'select 1');
    await postgres.remove();
  });

  it('waits for an external Temporal, saying so, and goes on when it answers', async () => {
    const [port, uiPort, httpPort] = [await freePort(21_233), await freePort(22_233), await freePort(23_233)];
    const folder = await mkdtemp(join(tmpdir(), 'ratchet-temporal-'));
    const ratchet = await startRatchetProcess({ home: home.path, env: { TEMPORAL_ADDRESS: `127.0.0.1:${port}` } });
    const { text } = await ratchet.event('temporal', 'waiting');
    assert.equal(text, `waiting for Temporal at 127.0.0.1:${port}, namespace default`);
    const server = await startTemporal({
      executable: await temporalExecutable(),
      database: join(folder, 'temporal.db'),
      namespace: 'default',
      folder,
      log: join(folder, 'temporal.log'),
      signal: new AbortController().signal,
      ports: { port, uiPort, httpPort },
    });
    assert.equal((await ratchet.up).temporalAddress, server.address);
    await ratchet.kill('SIGTERM');
    await startUnservedWorkflow(server.address); // it is not ours to stop
    await server.stop();
    await rm(folder, { recursive: true });
  });

  it('leaves nothing running when it is stopped while it waits', async () => {
    const closed = await startPostgresServer();
    await closed.remove();
    const ratchet = await startRatchetProcess({ home: home.path, env: { DATABASE_URL: closed.url } });
    await ratchet.event('temporal', 'ready');
    await ratchet.event('postgresql', 'waiting');
    const pid = await notedPid(home.path, 'temporal');
    await ratchet.kill('SIGTERM');
    assert.equal(await identifyProcess(pid), null);
  });
});

const query = async (connectionString: string, sql: string): Promise<void> => {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
};

const withTemporal = async <Result>(address: string, work: (client: Client) => Promise<Result>): Promise<Result> => {
  const connection = await Connection.connect({ address });
  try {
    return await work(new Client({ connection }));
  } finally {
    await connection.close();
  }
};

const startUnservedWorkflow = (address: string): Promise<unknown> =>
  withTemporal(address, (client) => client.workflow.start('unserved', { workflowId: 'kept', taskQueue: 'nobody' }));

const statusOfUnservedWorkflow = (address: string): Promise<string> =>
  withTemporal(address, async (client) => (await client.workflow.getHandle('kept').describe()).status.name);
