import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAllTests } from '../hooks.js';
import { startPostgresServer } from './postgres-server.js';

let server: Promise<string> | null = null;

/** Connection string of a new, empty database on the process's one PostgreSQL: `DATABASE_URL_TEST`'s, else an embedded one. */
export const freshDatabase = async (): Promise<string> => {
  const url = await (server ??= findServer());
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await runSql(url, `create database ${name}`);
  if (process.env.DATABASE_URL_TEST !== undefined) {
    afterAllTests(async () => {
      await runSql(url, `drop database if exists ${name} with (force)`);
    });
  }
  return Object.assign(new URL(url), { pathname: `/${name}` }).toString();
};

const findServer = async (): Promise<string> => {
  if (process.env.DATABASE_URL_TEST !== undefined) return process.env.DATABASE_URL_TEST;
  const started = await startPostgresServer({ max_connections: '300' });
  afterAllTests(() => started.remove());
  return started.url;
};

/** Runs SQL over a connection of its own and gives the rows. */
export const runSql = async (connectionString: string, sql: string): Promise<readonly Record<string, unknown>[]> => {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql);
    return rows;
  } finally {
    await client.end();
  }
};
