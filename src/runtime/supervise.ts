import { join } from 'node:path';
import { withoutSettings, type Environment } from '../config/environment.js';
import type { RatchetConfig } from '../config/ratchet.js';
import type { Logger } from '../domain/ports.js';
import { removeEndpoints, writeEndpoints } from './endpoints.js';
import type { Endpoints } from './endpoints.js';
import { freePort } from './free-port.js';
import type { Home } from './home.js';
import { keepRunning } from './keep-running.js';
import type { KeptRunning, PartEvent } from './keep-running.js';
import { endLeftServices, noteServices } from './processes/left-services.js';
import { startPostgresPart } from './postgres/postgres-part.js';
import { SERVICES, startService } from './service-process.js';
import type { Service } from './service-process.js';
import type { ProcessIdentity } from './processes/process-identity.js';
import { writeStateFile } from './state-file.js';
import { startTemporalPart } from './temporal/temporal-part.js';

export interface SuperviseOptions {
  /** The state folder, claimed by the caller. */
  readonly home: Home;
  readonly environment: Environment;
  /** The resolved configuration, which the services read. */
  readonly config: RatchetConfig;
  readonly logger: Logger;
  readonly report: (event: PartEvent) => void;
  /** Temporal forgets everything at the end. */
  readonly ephemeral?: boolean;
  /** Ends a start in progress. */
  readonly signal?: AbortSignal;
  /** Entry files of the services, by name. */
  readonly services?: Readonly<Record<string, string>>;
}

export interface RunningRatchet {
  readonly endpoints: Endpoints;
  /** Stops the services, then Temporal, then PostgreSQL; a second call waits for the first. */
  stop(): Promise<void>;
  /** Resolves when everything has been stopped. */
  waitForExit(): Promise<void>;
}

/**
 * Brings everything up and keeps it up: PostgreSQL and Temporal side by side, then the services.
 * On failure what came up is stopped again. Throws `LaunchFailed` and what the parts throw.
 */
export const startRatchet = async (options: SuperviseOptions): Promise<RunningRatchet> => {
  const {
    home,
    environment,
    config,
    logger,
    report,
    ephemeral = false,
    signal = new AbortController().signal,
    services = SERVICES,
  } = options;
  const undo: (() => Promise<unknown>)[] = [];
  const stopAll = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const part = { environment, home, ephemeral, report, signal };
    const started = await Promise.allSettled([startPostgresPart(part), startTemporalPart(part), endLeftServices(home)]);
    const [database, engine, left] = started;
    if (database.status === 'fulfilled') undo.push(() => database.value.stop());
    if (engine.status === 'fulfilled') undo.push(() => engine.value.stop());
    const [postgres, temporal] = [valueOf(database), valueOf(engine)];
    if (left.status === 'rejected') throw left.reason;

    const port = await choosePort(config.serving.port, report);
    const configFile = join(home.runtime, 'config.json');
    await writeStateFile(configFile, { ...config, serving: { ...config.serving, port } });
    const places = { RATCHET_HOME: home.root, RATCHET_CONFIG: configFile, DATABASE_URL: postgres.url, ...temporal.variables };
    const variables = { ...places, RATCHET_DEPLOYMENT: '' }; // nothing is bound to a build: a start replaces the only one that there is
    const env = { ...withoutSettings(), ...variables };
    const running = await startServices({ services, env, logger, report, signal, note: noteServices(home) });
    undo.push(() => Promise.all(running.map((service) => service.stop())));
    const [served = null] = running.flatMap(({ first }) => (first.port === null ? [] : [first.port]));
    const endpoints: Endpoints = {
      supervisor: process.pid,
      databaseUrl: postgres.url,
      temporalAddress: temporal.address,
      temporalNamespace: temporal.namespace,
      temporalUi: temporal.ui,
      api: served === null ? null : `http://${config.serving.host}:${served}`,
      variables: temporal.variables,
    };
    await writeEndpoints(home, endpoints);
    undo.push(() => removeEndpoints(home));

    let stopping: Promise<void> | null = null;
    let markStopped: () => void = () => undefined;
    const stopped = new Promise<void>((resolve) => (markStopped = resolve));
    return {
      endpoints,
      stop: () => (stopping ??= stopAll().finally(markStopped)),
      waitForExit: () => stopped,
    };
  } catch (error) {
    await stopAll();
    throw error;
  }
};

const valueOf = <Value>(outcome: PromiseSettledResult<Value>): Value => {
  if (outcome.status === 'rejected') throw outcome.reason;
  return outcome.value;
};

/** Port 0 asks for any; a port in use gives way to the next free one, which is said. */
const choosePort = async (wanted: number, report: (event: PartEvent) => void): Promise<number> => {
  const port = await freePort(wanted === 0 ? 8_200 : wanted);
  if (wanted !== 0 && port !== wanted) report({ part: 'api', kind: 'starting', text: `port ${wanted} is in use; using ${port}` });
  return port;
};

type KeptService = KeptRunning & { readonly first: Service };

interface ServicesOptions {
  readonly services: Readonly<Record<string, string>>;
  readonly env: NodeJS.ProcessEnv;
  readonly logger: Logger;
  readonly report: (event: PartEvent) => void;
  readonly signal: AbortSignal;
  readonly note: (name: string, identity: ProcessIdentity) => Promise<void>;
}

/** Starts the services side by side; when one does not come up, the others are stopped. */
const startServices = async ({ services, env, logger, report, signal, note }: ServicesOptions): Promise<KeptService[]> => {
  const starting = Object.entries(services).map(([name, file]) =>
    keepRunning<Service>({
      part: name,
      report,
      start: async (stopping) => {
        const service = await startService({ name, file, env, logger, signal: AbortSignal.any([signal, stopping]) });
        await note(name, service.identity);
        report({ part: name, kind: 'ready', text: service.port === null ? 'ready' : `ready on port ${service.port}` });
        return service;
      },
    }),
  );
  const outcomes = await Promise.allSettled(starting);
  const up = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed === undefined) return up;
  await Promise.all(up.map((service) => service.stop()));
  throw failed.reason;
};
