import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from '../../domain/ports.js';

/** A database that answers and will not let us in: waiting would not help. */
export class DatabaseRefused extends Error {
  override readonly name = 'DatabaseRefused';
  constructor(where: string, cause: Error) {
    super(`PostgreSQL at ${where} refuses us: ${cause.message}; check DATABASE_URL`, { cause });
  }
}

/** A database that may lose what it acknowledged. */
export class UnsafeDatabase extends Error {
  override readonly name = 'UnsafeDatabase';
  constructor(where: string, setting: string) {
    super(`PostgreSQL at ${where} has ${setting} = off and would lose acknowledged promotions in a crash: set it to on`);
  }
}

export interface WaitOptions {
  readonly logger: Logger;
  readonly signal?: AbortSignal;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

/** Waits until the database answers, saying so, and checks that it keeps what it acknowledges. Throws `DatabaseRefused`, `UnsafeDatabase`, or the signal's reason. */
export const waitForDatabase = async (databaseUrl: string, { logger, signal }: WaitOptions): Promise<void> => {
  const where = withoutSecrets(databaseUrl);
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    signal?.throwIfAborted();
    const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await requireDurability(client, where);
      return;
    } catch (error) {
      if (!(error instanceof Error) || error instanceof UnsafeDatabase) throw error;
      if (isRefusal(error)) throw new DatabaseRefused(where, error);
      logger.warn(`waiting for PostgreSQL at ${where}`, { reason: reasonOf(error), nextTryMs: pauseMs });
    } finally {
      await client.end().catch(() => undefined);
    }
    await delay(pauseMs, undefined, signal === undefined ? {} : { signal });
  }
};

const requireDurability = async (client: pg.Client, where: string): Promise<void> => {
  for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes']) {
    const { rows } = await client.query<Record<string, unknown>>(`select current_setting($1) as value`, [setting]);
    if (rows[0]?.value === 'off') throw new UnsafeDatabase(where, setting);
  }
};

// Wrong password, unknown role or no right (class 28), unknown database (3D000): see PostgreSQL's appendix A.
const isRefusal = (error: Error): boolean => 'code' in error && typeof error.code === 'string' && /^(28|3D000)/.test(error.code);

// A host name with several addresses fails with an aggregate whose own message is empty.
const reasonOf = (error: Error): string =>
  error instanceof AggregateError
    ? error.errors.map((inner) => (inner instanceof Error ? inner.message : String(inner))).join('; ')
    : error.message;

const withoutSecrets = (databaseUrl: string): string => {
  const { host, pathname } = new URL(databaseUrl);
  return `${host}${pathname}`;
};
