import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { Environment } from '../../config/environment.js';
import { acquireLock } from '../processes/exclusive-lock.js';
import { ForgetfulTemporal, isForgetful } from './forgetful-temporal.js';
import type { Home } from '../home.js';
import { keepRunning } from '../keep-running.js';
import type { PartEvent } from '../keep-running.js';
import { locateTemporal } from './locate-temporal.js';
import { temporalServes } from './temporal-connection.js';
import { startTemporal } from './temporal-server.js';
import type { TemporalPorts, TemporalServer } from './temporal-server.js';
import { untilAnswers } from '../until-answers.js';

/** Temporal as the services reach it: embedded or the user's own. */
export interface TemporalPart {
  readonly address: string;
  readonly namespace: string;
  readonly ui: string | null;
  /** The variables that lead every Temporal client to it. */
  readonly variables: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export interface PartOptions {
  readonly environment: Environment;
  readonly home: Home;
  /** Temporal may forget everything at its end. */
  readonly ephemeral: boolean;
  readonly report: (event: PartEvent) => void;
  readonly signal: AbortSignal;
}

const PART = 'temporal';

/** Temporal's own variables or profile lead to an external server, which is waited for; else the embedded one is started. Throws `ForgetfulTemporal`. */
export const startTemporalPart = (options: PartOptions): Promise<TemporalPart> => {
  const { connectionOptions, namespace } = loadClientConnectConfig();
  const { address } = connectionOptions;
  return address === undefined || address === '' ? startEmbedded(options) : waitForExternal(options, address, namespace ?? 'default');
};

const waitForExternal = async ({ ephemeral, report, signal }: PartOptions, address: string, namespace: string): Promise<TemporalPart> => {
  const { connectionOptions } = loadClientConnectConfig();
  await untilAnswers(() => temporalServes(connectionOptions, namespace), {
    onWait: () => report({ part: PART, kind: 'waiting', text: `waiting for Temporal at ${address}, namespace ${namespace}` }),
    signal,
  });
  if (!ephemeral && (await isForgetful(connectionOptions, address))) throw new ForgetfulTemporal(address);
  report({ part: PART, kind: 'ready', text: `external at ${address}, namespace ${namespace}` });
  return { address, namespace, ui: null, variables: {}, stop: () => Promise.resolve() };
};

const startEmbedded = async ({ environment, home, ephemeral, report, signal }: PartOptions): Promise<TemporalPart> => {
  const { path: executable } = await locateTemporal(environment);
  const database = ephemeral ? null : join(home.temporal, 'temporal.db');
  const namespace = environment.temporalNamespace;
  const lock = await acquireLock(join(home.temporal, 'temporal.db.lock'));
  let ports: TemporalPorts | null = null;
  const start = async (stopping: AbortSignal): Promise<TemporalServer> => {
    const server = await startTemporal({
      executable,
      database,
      namespace,
      folder: home.temporal,
      log: join(home.logs, 'temporal.log'),
      signal: AbortSignal.any([signal, stopping]),
      ...(ports === null ? {} : { ports }),
    });
    ports = { port: server.port, uiPort: server.uiPort, httpPort: server.httpPort };
    report({ part: PART, kind: server.adopted ? 'adopted' : 'ready', text: `${server.address}, database ${database ?? 'in memory'}` });
    return server;
  };
  try {
    const kept = await keepRunning({ part: PART, start, report });
    const { address, uiPort } = kept.first;
    return {
      address,
      namespace,
      ui: `http://127.0.0.1:${uiPort}`,
      variables: await clientVariables(home, address, namespace),
      async stop() {
        await kept.stop();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
};

/** A profile file of our own keeps TLS settings and keys of the user's profile away from the embedded server. */
const clientVariables = async (home: Home, address: string, namespace: string): Promise<Record<string, string>> => {
  const profile = join(home.runtime, 'temporal.toml');
  await writeFile(profile, `[profile.default]\naddress = ${JSON.stringify(address)}\nnamespace = ${JSON.stringify(namespace)}\n`);
  return { TEMPORAL_CONFIG_FILE: profile, TEMPORAL_PROFILE: 'default', TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace };
};
