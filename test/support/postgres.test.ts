import assert from 'node:assert/strict';
import { freshDatabase, runSql } from './services/postgres.js';

describe('freshDatabase', () => {
  it('gives each caller an empty database of its own', async () => {
    const [one, other] = await Promise.all([freshDatabase(), freshDatabase()]);
    assert.notEqual(one, other);
    await runSql(one, 'create table seen (n int)');
    const [row] = await runSql(other, `select to_regclass('seen') is null as empty`);
    assert.deepEqual(row, { empty: true });
  });
});
