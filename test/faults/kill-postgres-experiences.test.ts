import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { openRegistry } from '../../src/registry/open-registry.js';
import { sentExperience } from '../support/experiences.js';
import { faultRounds } from '../support/loops/fault-rounds.js';
import { startPostgresServer, type PostgresServer } from '../support/services/postgres-server.js';
import { runSql } from '../support/services/postgres.js';
import { recordingLogger } from '../support/recording-logger.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { testApi, type TestApi } from '../support/services/test-api.js';
import { until } from '../support/until.js';

const ROUNDS = faultRounds({ short: 2, long: 10 }).length;
/** Acknowledged before each kill. */
const ACKNOWLEDGED = process.env.RATCHET_FAULTS === 'long' ? 10_000 : 3_000;
const BULK = 200;
const CALLERS = 4;

/** Sends experiences of ids that no other caller has, repeating what was not acknowledged, and keeps the ids of what was. */
const sendUntilStopped = async (api: TestApi, caller: string, acknowledged: string[], stopped: () => boolean): Promise<void> => {
  for (let number = 0; !stopped(); number++) {
    const ids = Array.from({ length: BULK }, (_, at) => `${caller}-${number}-${at}`);
    const lines = ids.map((id) => JSON.stringify(sentExperience(id)));
    const send = () => api.call('POST', '/api/v1/experiences/bulk', lines.join('\n'), { 'content-type': 'application/x-ndjson' });
    const [first = ''] = ids;
    const single = () => api.call('POST', '/api/v1/experiences', sentExperience(`single-${first}`));
    if (await acknowledge(send, stopped)) acknowledged.push(...ids);
    if (await acknowledge(single, stopped)) acknowledged.push(`single-${first}`);
  }
};

const acknowledge = async (send: () => ReturnType<TestApi['call']>, stopped: () => boolean): Promise<boolean> => {
  while (!stopped()) {
    const { status, body } = await send();
    if (status === 200) return true;
    assert.equal(status, 503, JSON.stringify(body));
    await delay(5);
  }
  return false;
};

describe('PostgreSQL killed while experiences come in', () => {
  const folder = temporaryFolder();
  let server: PostgresServer;
  let api: TestApi;
  beforeEach(async () => {
    // A slow writer of the log makes visible at once what a lazy commit would lose.
    server = await startPostgresServer({ wal_writer_delay: '10s' });
    const registry = await openRegistry({ databaseUrl: server.url, logger: recordingLogger() });
    api = await testApi({ folder: folder(), registry: { ...registry, databaseUrl: server.url } });
  });
  afterEach(async () => {
    await api.close();
    await api.registry.close();
    await server.remove();
  });

  const lostOver = async (rounds: number): Promise<{ acknowledged: number; lost: number }> => {
    const acknowledged: string[] = [];
    let lost = 0;
    for (let round = 0; round < rounds && lost === 0; round++) {
      const state = { isStopped: false };
      const callers = Array.from({ length: CALLERS }, (_, at) =>
        sendUntilStopped(api, `${round}-${at}`, acknowledged, () => state.isStopped),
      );
      const enough = acknowledged.length + ACKNOWLEDGED;
      await until(() => acknowledged.length >= enough);
      await server.kill();
      state.isStopped = true;
      await Promise.all(callers);
      await server.start();
      const rows = await runSql(server.url, 'select id from experience');
      const stored = new Set(rows.map(({ id }) => id));
      lost = acknowledged.filter((id) => !stored.has(id)).length;
      const [counted] = await runSql(server.url, 'select stored::int from experience_count');
      assert.equal(counted?.stored ?? 0, rows.length, 'the count is not that of the rows');
    }
    return { acknowledged: acknowledged.length, lost };
  };

  it('loses none that was acknowledged, and counts what it has', async function () {
    const { acknowledged, lost } = await lostOver(ROUNDS);
    assert.equal(lost, 0);
    assert.ok(acknowledged >= ROUNDS * ACKNOWLEDGED, `${acknowledged} acknowledged`);
    if (process.env.RATCHET_FAULTS === 'long') console.log(`      ${lost} of ${acknowledged} acknowledged lost over ${ROUNDS} kills`);
  }).timeout(600_000);

  it('would lose some with synchronous_commit off, which is why the registry refuses to start with it', async () => {
    await runSql(server.url, 'alter system set synchronous_commit = off');
    await runSql(server.url, 'select pg_reload_conf()');
    const { lost } = await lostOver(3);
    assert.ok(lost > 0);
  });
});
