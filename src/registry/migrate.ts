import { fileURLToPath, pathToFileURL } from 'node:url';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import type { Logger } from '../domain/ports.js';
import { waitForDatabase } from './database/wait-for-database.js';
import type { WaitOptions } from './database/wait-for-database.js';

// Modules of SQL text, which the compiler copies beside this one; source maps and declarations lie there too.
const FOLDER = fileURLToPath(new URL('migrations', import.meta.url));
const NOT_A_MIGRATION = '.*(?<!\\.js)';

/** Brings a database's schema up to date. Several processes may do so at once: they take turns, and the later ones find nothing to do. */
export const migrate = async (databaseUrl: string, { logger, signal, upTo }: WaitOptions & { readonly upTo?: number }): Promise<void> => {
  await waitForDatabase(databaseUrl, signal === undefined ? { logger } : { logger, signal });
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', (error) => logger.warn('the connection that migrates broke', { reason: error.message }));
  await client.connect();
  try {
    await runner({
      dbClient: client,
      dir: FOLDER,
      ignorePattern: NOT_A_MIGRATION,
      migrationLoaderStrategies: [{ extensions: ['.js'], loader: (paths) => Promise.all(paths.map(loadModule)) }],
      migrationsTable: 'migration',
      direction: 'up',
      ...(upTo === undefined ? {} : { count: upTo }),
      advisoryLockMode: 'wait',
      logger: quiet(logger),
    });
  } finally {
    await client.end().catch(() => undefined);
  }
};

type Strategies = NonNullable<Parameters<typeof runner>[0]['migrationLoaderStrategies']>;
type MigrationUnit = Awaited<ReturnType<Extract<Strategies[number]['loader'], (paths: string[]) => unknown>>>[number];

const loadModule = async (path: string): Promise<MigrationUnit> => {
  const actions: unknown = await import(pathToFileURL(path).href);
  if (!isMigration(actions)) throw new TypeError(`${path} is no migration: expected it to export up and down`);
  return { id: path, filePaths: [path], actions };
};

const isMigration = (module: unknown): module is MigrationUnit['actions'] =>
  typeof module === 'object' && module !== null && 'up' in module && typeof module.up === 'function' && 'down' in module;

const quiet = (logger: Logger): Record<'debug' | 'info' | 'warn' | 'error', (message: string) => void> => ({
  debug: () => undefined,
  info: (message) => logger.debug(message),
  warn: (message) => logger.warn(message),
  error: (message) => logger.error(message),
});
