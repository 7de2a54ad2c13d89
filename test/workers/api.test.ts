import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { openFolderStore } from '../../src/artifacts/folder-store.js';
import { learnerId } from '../../src/domain/ids.js';
import { observationSize } from '../../src/domain/agent/observation.js';
import { openRegistry, type Registry } from '../../src/registry/open-registry.js';
import { startPostgresServer } from '../support/services/postgres-server.js';
import { recordingLogger } from '../support/recording-logger.js';
import { startApi, type ApiProcess, type ApiProcessOptions } from '../support/services/api-process.js';
import { freshInstrument } from '../support/loops/learners.js';
import { dataset, freshRegistry, ingestReport, newVersion, sha256 } from '../support/registry/registry.js';
import { storeModel } from '../support/registry/served-model.js';
import { temporal } from '../support/services/temporal.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const UNREACHABLE = '127.0.0.1:1';
const LINES = '20240102 000100;1;2;0.5;1;10\n20240102 000200;1;2;0.5;1;10\n';

describe('the API service', () => {
  const folder = temporaryFolder();
  let running: ApiProcess[] = [];
  let instrument = '';
  beforeEach(() => {
    [running, instrument] = [[], freshInstrument()];
  });
  afterEach(() => Promise.all(running.map((api) => api.stop())));

  const start = async (more: Partial<ApiProcessOptions> = {}): Promise<ApiProcess> => {
    const { databaseUrl = (await freshRegistry()).databaseUrl, temporalAddress = UNREACHABLE } = more;
    const config = { serving: { port: 0, serveUnproven: true }, instruments: [{ id: instrument }], ...more.config };
    const api = await startApi({ home: folder(), ...more, databaseUrl, temporalAddress, config });
    running.push(api);
    return api;
  };
  const temporalAddress = async (): Promise<string> => (await temporal()).address;

  /** Promotes a version with random weights. */
  const promote = async (registry: Registry, seed: number, previous: string | null): Promise<string> => {
    const { bundle } = await storeModel(await openFolderStore(join(folder(), 'artifacts')), { instrument, seed });
    const id = sha256(instrument);
    await registry.datasets.save(dataset({ instrument, id }));
    const version = await registry.versions.register(newVersion(`${instrument}-${seed}`, { instrument, bundle, dataset: id }));
    const order = {
      instrument,
      bucket: 'default',
      operationKey: `promote-${instrument}-${seed}`,
      actor: 'ratchet',
      reason: 'test',
      decision: null,
    };
    await registry.production.promote({ ...order, version: version.name, expectedPrevious: previous });
    return version.name;
  };

  const get = async (api: ApiProcess, path: string): Promise<{ status: number; body: Record<string, unknown> }> => {
    const response = await fetch(api.url + path);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const decide = async (api: ApiProcess): Promise<Record<string, unknown>> => {
    const size = observationSize({ features: ['a', 'b', 'c', 'd'], lookback: 3 });
    const response = await fetch(`${api.url}/api/v1/instruments/${instrument}/decision`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ observation: Array.from({ length: size }, (_, i) => Math.sin(i)) }),
    });
    assert.equal(response.status, 200);
    return (await response.json()) as Record<string, unknown>;
  };
  /** Messages that the learner got, which is none before it runs. */
  const arrivals = async (): Promise<number> => {
    const handle = (await temporal()).client.workflow.getHandle(learnerId(instrument));
    const { events = [] } = await handle.fetchHistory().catch(() => ({ events: [] }));
    return (events ?? []).filter(({ workflowExecutionSignaledEventAttributes: signal }) => signal?.signalName === 'dataArrived').length;
  };

  it('answers decisions without Temporal, saying that it waits, and swaps to what is promoted meanwhile', async () => {
    const registry = await freshRegistry();
    const first = await promote(registry, 1, null);
    const api = await start({ databaseUrl: registry.databaseUrl });
    await api.logged(`waiting for Temporal at ${UNREACHABLE}`);
    assert.equal((await decide(api)).version, first);
    assert.equal((await get(api, '/readyz')).status, 200);
    const second = await promote(registry, 2, first);
    await until(async () => (await decide(api)).version === second);
    assert.equal(await api.stop(), 0);
  });

  it('obeys the kill switch, also one that was thrown before it started', async () => {
    const registry = await freshRegistry();
    await promote(registry, 1, null);
    await registry.settings.set('serving.halted', { halted: true, reason: 'test' }, 'tester');
    const api = await start({ databaseUrl: registry.databaseUrl });
    assert.deepEqual([(await decide(api)).flat_because, (await decide(api)).action], ['halted', 0]);
    await registry.settings.set('serving.halted', { halted: false, reason: 'test' }, 'tester');
    await until(async () => (await decide(api)).flat_because === null);
  });

  it('waits for PostgreSQL, saying so, answers on while it is away, and hears of what is promoted after', async () => {
    const server = await startPostgresServer();
    try {
      await server.kill();
      const starting: Promise<void>[] = [];
      const api = await start({
        databaseUrl: server.url,
        onLine: (line) => {
          if (line.includes('waiting for PostgreSQL') && starting.length === 0) starting.push(server.start());
        },
      });
      await Promise.all(starting);
      const registry = await openRegistry({ databaseUrl: server.url, logger: recordingLogger() });
      const first = await promote(registry, 1, null);
      await until(async () => JSON.stringify((await get(api, '/api/v1/serving')).body.live).includes(first));
      await server.kill();
      assert.equal((await decide(api)).version, first);
      assert.equal((await get(api, '/readyz')).status, 503);
      await server.start();
      await until(async () => (await get(api, '/readyz')).status === 200);
      const second = await promote(registry, 2, first);
      await until(async () => (await decide(api)).version === second);
      await registry.close();
      assert.equal(await api.stop(), 0);
    } finally {
      await server.remove();
    }
  });

  it('takes the next free port when its own is in use, and says so', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const api = await start({ config: { serving: { port } } });
    assert.ok(api.port > port, `${api.port} is not after ${port}`);
    await api.logged(`port ${port} is in use`);
    assert.equal((await get(api, '/api/v1/ping')).status, 200);
    other.close();
  });

  it('serves while the watched folder is missing, shows why, and reports files once it is there', async () => {
    const path = join(folder(), 'exports');
    const config = { watch: { path, instruments: [instrument], settleSeconds: 0.05, rescanSeconds: 60 } };
    const api = await start({ temporalAddress: await temporalAddress(), config });
    const { body } = await get(api, '/api/settings/auto-retrain-status');
    assert.deepEqual([body.watching, body.readable], [true, false]);
    assert.match(String(body.problems), /exports does not exist: create it/);
    await mkdir(path);
    await writeFile(join(path, `${instrument}.Last.txt`), LINES);
    await until(async () => (await arrivals()) === 1);
    const after = await get(api, '/api/settings/auto-retrain-status');
    assert.deepEqual([after.body.readable, after.body.problems], [true, []]);
  });

  it('does not report again, after a restart, what was taken in before it, unless it has come back in the place of something else', async () => {
    const registry = await freshRegistry();
    const watched = join(folder(), 'exports');
    await mkdir(watched);
    await writeFile(join(watched, 'old.txt'), LINES);
    const config = { watch: { path: watched, instruments: [instrument], settleSeconds: 0.05 } };
    const options = { databaseUrl: registry.databaseUrl, temporalAddress: await temporalAddress(), config };
    const before = await start(options);
    await until(async () => (await arrivals()) === 1);
    assert.equal(await before.stop(), 0);
    await registry.files.record('old.txt', ingestReport(LINES, { instrument }));
    const api = await start(options);
    await until(async () => (await get(api, '/api/settings/auto-retrain-status')).body.pending_reports === 0);
    await writeFile(join(watched, 'new.txt'), LINES.repeat(2));
    await until(async () => (await arrivals()) === 2);
    await writeFile(join(watched, 'old.txt'), LINES.repeat(3));
    await until(async () => (await arrivals()) === 3);
    await registry.files.record('old.txt', ingestReport(LINES.repeat(3), { instrument }));
    await writeFile(join(watched, 'old.txt'), LINES);
    await until(async () => (await arrivals()) === 4);
  });

  it('shows files that belong to no instrument, and refuses none of the others for them', async () => {
    const watched = join(folder(), 'exports');
    await mkdir(watched);
    await writeFile(join(watched, 'unknown.txt'), LINES);
    await writeFile(join(watched, `${instrument}.Last.txt`), LINES);
    const config = { watch: { path: watched, settleSeconds: 0.05 } };
    const api = await start({ temporalAddress: await temporalAddress(), config });
    await until(async () => (await arrivals()) === 1);
    const { body } = await get(api, '/api/settings/auto-retrain-status');
    assert.match(String(body.problems), /unknown\.txt is not used: its name does not say whose bars/);
  });

  it('ends, with a sentence, when others could reach it and no token is set', async () => {
    await assert.rejects(
      start({ config: { serving: { host: '0.0.0.0', port: 0 } } }),
      /serving\.host is 0\.0\.0\.0, which others can reach/,
    );
  });
});
