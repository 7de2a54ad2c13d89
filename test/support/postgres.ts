import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAllTests } from './hooks.js';
import { startPostgresServer } from './postgres-server.js';

let server: Promise<string> | null = null;

/** Connection string of a new, empty database on the process's one PostgreSQL: `DATABASE_URL_TEST`'s, else an embedded one. */
export const freshDatabase = async (): Promise<string> => {
  const url = await (server ??= findServer());
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await administer(url, `create database ${name}`);
  if (process.env.DATABASE_URL_TEST !== undefined) afterAllTests(() => administer(url, `drop database if exists ${name} with (force)`));
  return Object.assign(new URL(url), { pathname: `/${name}` }).toString();
};

const findServer = async (): Promise<string> => {
  if (process.env.DATABASE_URL_TEST !== undefined) return process.env.DATABASE_URL_TEST;
  const started = await startPostgresServer();
  afterAllTests(() => started.remove());
  return started.url;
};

const administer = async (connectionString: string, sql: string): Promise<void> => {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
};
