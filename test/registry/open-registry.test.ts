import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { openRegistry } from '../../src/registry/open-registry.js';
import { migrate } from '../../src/registry/migrate.js';
import { DatabaseRefused, UnsafeDatabase } from '../../src/registry/database/wait-for-database.js';
import { freePort } from '../../src/runtime/free-port.js';
import { freshDatabase, runSql } from '../support/services/postgres.js';
import { recordingLogger } from '../support/recording-logger.js';
import { freshRegistry, seedVersions } from '../support/registry/registry.js';
import { until } from '../support/until.js';

const MIGRATIONS = readdirSync(new URL('../../src/registry/migrations', import.meta.url)).filter((name) => name.endsWith('.js')).length;

const tables = (databaseUrl: string) =>
  runSql(
    databaseUrl,
    `select table_name, column_name, data_type, (select reloptions::text from pg_class where oid = table_name::regclass) as options
     from information_schema.columns where table_schema = 'public' order by 1, 2`,
  );

describe('migrate', () => {
  it('builds the schema from nothing, and from every earlier one', async () => {
    const whole = await freshDatabase();
    await migrate(whole, { logger: recordingLogger() });
    const expected = await tables(whole);
    assert.ok(expected.length > 80, `${expected.length} columns`);
    for (let upTo = 1; upTo < MIGRATIONS; upTo++) {
      const partial = await freshDatabase();
      await migrate(partial, { logger: recordingLogger(), upTo });
      assert.notDeepEqual(await tables(partial), expected);
      await migrate(partial, { logger: recordingLogger() });
      assert.deepEqual(await tables(partial), expected);
    }
  });

  it('is safe when several processes start at once', async () => {
    const databaseUrl = await freshDatabase();
    await Promise.all(Array.from({ length: 5 }, () => migrate(databaseUrl, { logger: recordingLogger() })));
    assert.deepEqual(await runSql(databaseUrl, 'select count(*)::int as n, count(distinct name)::int as names from migration'), [
      { n: MIGRATIONS, names: MIGRATIONS },
    ]);
  });
});

describe('openRegistry', () => {
  it('waits for a database that does not answer, says so, and gives up when told', async () => {
    const logger = recordingLogger();
    const port = await freePort(40_000);
    const controller = new AbortController();
    const opening = openRegistry({ databaseUrl: `postgres://ratchet:secret@127.0.0.1:${port}/ratchet`, logger, signal: controller.signal });
    const rejected = assert.rejects(opening, { name: 'AbortError' });
    await until(() => logger.lines.length >= 2);
    controller.abort();
    await rejected;
    assert.match(logger.lines[0]!.message, new RegExp(`^waiting for PostgreSQL at 127.0.0.1:${port}/ratchet$`));
    assert.doesNotMatch(JSON.stringify(logger.lines), /secret/);
  });

  it('does not wait for a database that refuses it', async () => {
    const wrong = Object.assign(new URL(await freshDatabase()), { password: 'wrong' }).toString();
    await assert.rejects(openRegistry({ databaseUrl: wrong, logger: recordingLogger() }), DatabaseRefused);
  });

  it('refuses a database that may lose what it acknowledged', async () => {
    const databaseUrl = await freshDatabase();
    await runSql(databaseUrl, `alter database ${new URL(databaseUrl).pathname.slice(1)} set synchronous_commit = off`);
    await assert.rejects(openRegistry({ databaseUrl, logger: recordingLogger() }), UnsafeDatabase);
  });

  it('outlives the loss of all its connections and still hears of changes', async () => {
    const registry = await freshRegistry();
    const [version] = await seedVersions(registry, 1);
    let heard = 0;
    registry.onProductionChange(() => heard++);
    await until(() => heard === 1); // listens now
    await runSql(
      registry.databaseUrl,
      'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()',
    );
    await until(() => heard === 2); // listens again
    const order = { instrument: 'ES', bucket: 'default', decision: null, actor: 'ratchet', reason: 'test', expectedPrevious: null };
    await registry.production.promote({ ...order, operationKey: 'a', version: version!.name });
    await until(() => heard === 3);
  });

  it('tells listeners of each change, and no longer after they left', async () => {
    const registry = await freshRegistry();
    const added = { kind: 'tested', instrument: null, actor: 'ratchet', payload: {} };
    let [kept, left] = [0, 0];
    registry.onEvent(() => kept++);
    const leave = registry.onEvent(() => left++);
    await until(() => kept > 0);
    leave();
    const before = [kept, left] as const;
    await registry.events.append(added);
    await until(() => kept > before[0]);
    assert.equal(left, before[1]);
  });
});
