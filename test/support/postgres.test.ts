import assert from 'node:assert/strict';
import pg from 'pg';
import { freshDatabase } from './postgres.js';

describe('freshDatabase', () => {
  it('gives each caller an empty database of its own', async () => {
    const [one, other] = await Promise.all([freshDatabase(), freshDatabase()]);
    assert.notEqual(one, other);
    await query(one, 'create table seen (n int)');
    const [row] = await query(other, `select to_regclass('seen') is null as empty`);
    assert.deepEqual(row, { empty: true });
  });
});

const query = async (connectionString: string, sql: string): Promise<readonly unknown[]> => {
  const client = new pg.Client({ connectionString });
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(sql);
  await client.end();
  return rows;
};
