import pg from 'pg';
import { z } from 'zod';
import type { Logger } from '../../domain/ports.js';

/** Runs one statement of SQL text and parses each row by `shape`, whose keys are the columns' names in camel case. */
export interface Queries {
  query<Shape extends z.ZodType>(shape: Shape, sql: string | PreparedStatement, values?: readonly SqlValue[]): Promise<z.infer<Shape>[]>;
}

export type SqlValue = string | number | boolean | null | Uint8Array;

/** A statement that each connection plans once. */
export interface PreparedStatement {
  readonly name: string;
  readonly text: string;
}

export interface Database extends Queries {
  /** Runs `work` in one transaction: all of it is committed, or, when it throws, none. */
  transaction<Result>(work: (queries: Queries) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/** Opens a pool of connections. A connection that breaks while idle is logged and replaced; it never ends the process. */
export const openDatabase = (databaseUrl: string, logger: Logger): Database => {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 8, connectionTimeoutMillis: 10_000, application_name: 'ratchet' });
  // The pool hears only of connections that lie idle in it; one that breaks while in use fails its statement, and would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  pool.on('error', (error) => logger.warn('a database connection broke and will be replaced', { reason: error.message }));
  return {
    ...queriesOf(pool),
    async transaction(work) {
      const client = await pool.connect();
      let broken: Error | undefined;
      try {
        await client.query('begin');
        const result = await work(queriesOf(client));
        await client.query('commit');
        return result;
      } catch (error) {
        // A connection on which even this fails must not go back into the pool: its transaction may still be open.
        await client
          .query('rollback')
          .catch((failure: unknown) => (broken = failure instanceof Error ? failure : new Error(String(failure))));
        throw error;
      } finally {
        client.release(broken);
      }
    },
    close: () => pool.end(),
  };
};

/** A page of a newest-first list: `before` is the number or id of the last row of the page before. */
export interface Page {
  readonly limit?: number;
  readonly before?: number | null;
}

/** Shape of statements whose rows nobody reads. */
export const nothing = z.unknown();

/** A `timestamptz` as ISO 8601 in UTC. */
export const isoTime = z.date().transform((date) => date.toISOString());

/** A `bigint`, which PostgreSQL's client gives as text. */
export const wholeNumber = z.coerce.number().int();

/** Any JSON object that was stored by the same code. */
export const jsonObject = z.record(z.string(), z.unknown());

/** A JSON object that the registry itself stored as a `Value`. */
export const storedObject = <Value extends object>(): z.ZodType<Value> =>
  z.custom<Value>((value) => typeof value === 'object' && value !== null);

const queriesOf = (runner: pg.Pool | pg.PoolClient): Queries => ({
  async query(shape, sql, values = []) {
    const statement = typeof sql === 'string' ? { text: sql } : sql;
    const { rows } = await runner.query<Record<string, unknown>>({ ...statement, values: [...values] });
    return rows.map((row) => shape.parse(camelNames(row)));
  },
});

const camelNames = (row: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()), value]),
  );
