import { join } from 'node:path';
import { keepRunning } from '../keep-running.js';
import { answers, startPostgres } from './postgres-server.js';
import type { PostgresServer } from './postgres-server.js';
import type { PartOptions } from '../temporal/temporal-part.js';
import { untilAnswers } from '../until-answers.js';

/** PostgreSQL as the services reach it: embedded or the user's own. */
export interface PostgresPart {
  readonly url: string;
  stop(): Promise<void>;
}

const PART = 'postgresql';

/** `DATABASE_URL` leads to an external server, which is waited for; else the embedded one is started and kept running. */
export const startPostgresPart = (options: PartOptions): Promise<PostgresPart> => {
  const { databaseUrl } = options.environment;
  return databaseUrl === null ? startEmbedded(options) : waitForExternal(options, databaseUrl);
};

const waitForExternal = async ({ report, signal }: PartOptions, url: string): Promise<PostgresPart> => {
  const { host, pathname } = new URL(url); // never the password
  await untilAnswers(() => answers(url), {
    onWait: () => report({ part: PART, kind: 'waiting', text: `waiting for PostgreSQL at ${host}${pathname}` }),
    signal,
  });
  report({ part: PART, kind: 'ready', text: `external at ${host}${pathname}` });
  return { url, stop: () => Promise.resolve() };
};

const startEmbedded = async ({ home, report, signal }: PartOptions): Promise<PostgresPart> => {
  let port: number | null = null;
  const start = async (stopping: AbortSignal): Promise<PostgresServer> => {
    const server = await startPostgres({
      folder: home.pg,
      log: join(home.logs, 'postgresql.log'),
      signal: AbortSignal.any([signal, stopping]),
      ...(port === null ? {} : { port }),
    });
    port = server.port;
    report({ part: PART, kind: server.adopted ? 'adopted' : 'ready', text: `127.0.0.1:${server.port}, data in ${home.pg}` });
    return server;
  };
  const kept = await keepRunning({ part: PART, start, report });
  return { url: kept.first.url, stop: () => kept.stop() };
};
