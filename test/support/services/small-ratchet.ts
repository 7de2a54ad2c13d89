import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { Client } from '@temporalio/client';
import { createLearnerClient, type LearnerClient } from '../../../src/client/learner-client.js';
import { reportFiles } from '../../../src/client/report-files.js';
import { learnerSettings } from '../../../src/config/learner-settings.js';
import { ratchetConfig, type RatchetConfig } from '../../../src/config/ratchet.js';
import type { DataFile } from '../../../src/domain/learner/data-file.js';
import { writeExports } from '../../../src/market/simulation/write-exports.js';
import type { Registry } from '../../../src/registry/open-registry.js';
import { afterAllTests } from '../hooks.js';
import { recordingLogger } from '../recording-logger.js';
import { freshRegistry } from '../registry/registry.js';
import type { ServiceEnvironment } from './services.js';
import { simulatedInstrument, testSimulation } from '../market/simulation.js';
import { smallSettings, type SmallSettings } from '../small-settings.js';
import { freshNamespace, temporal } from './temporal.js';

/** A home with a watched folder, a database, a Temporal namespace and a configuration of its own; services are for the test to start. */
export interface SmallRatchet {
  readonly environment: ServiceEnvironment;
  readonly watched: string;
  readonly config: RatchetConfig;
  readonly registry: Registry;
  readonly learners: LearnerClient;
  /** Reports files of the watched folder as the watcher does. */
  readonly report: (paths: readonly string[], instrument?: string) => Promise<void>;
  /** Process numbers of the services that carried out a run's activities. */
  readonly workersOf: (runId: string) => Promise<ReadonlySet<number>>;
  /** Types of the failures of a run's attempts that others followed. */
  readonly failuresOf: (runId: string) => Promise<readonly string[]>;
  /** Ends a run as an operator does who is in a hurry. */
  readonly terminate: (runId: string) => Promise<void>;
}

export interface SmallRatchetOptions extends SmallSettings {
  /** An empty database; one on the process's PostgreSQL, when not given. */
  readonly databaseUrl?: string;
  /** Ids of simulated instruments; SIM alone unless given. */
  readonly instruments?: readonly string[];
}

export const smallRatchet = async ({ instruments = ['SIM'], ...more }: SmallRatchetOptions = {}): Promise<SmallRatchet> => {
  const home = await mkdtemp(join(tmpdir(), 'ratchet-home-'));
  afterAllTests(() => rm(home, { recursive: true, force: true }));
  const watched = join(home, 'exports');
  await mkdir(watched);
  const simulated = await simulatedInstrument();
  const config = ratchetConfig.parse({
    ...smallSettings(more),
    instruments: instruments.map((id) => ({ ...simulated, id })),
    watch: { path: watched, instruments: [...instruments] },
  });
  const configPath = join(home, 'config.json');
  await writeFile(configPath, JSON.stringify(config));
  const { connection } = await temporal();
  const namespace = freshNamespace();
  const client = new Client({ connection, namespace });
  const { databaseUrl, ...registry } = await freshRegistry(more.databaseUrl);
  const report = async (paths: readonly string[], instrument = 'SIM'): Promise<void> => {
    const files = await Promise.all(paths.map((path) => finishedFile(watched, path)));
    const settings = learnerSettings(config);
    await reportFiles({ client, instrument, settings, files, logger: recordingLogger() });
  };
  const eventsOf = async (runId: string) => (await client.workflow.getHandle(runId).fetchHistory()).events ?? [];
  return {
    environment: { home, databaseUrl, temporalAddress: connection.options.address, temporalNamespace: namespace, config: configPath },
    watched,
    config,
    registry,
    learners: createLearnerClient({ client }),
    report,
    async workersOf(runId) {
      const identities = (await eventsOf(runId)).flatMap(({ activityTaskStartedEventAttributes: started }) => started?.identity ?? []);
      return new Set(identities.map((identity) => Number(/#(\d+)$/.exec(identity)?.[1])));
    },
    failuresOf: async (runId) =>
      (await eventsOf(runId)).flatMap(({ activityTaskStartedEventAttributes: started }) => {
        const failure = started?.lastFailure;
        return failure ? [failure.applicationFailureInfo?.type ?? failure.message ?? ''] : [];
      }),
    async terminate(runId) {
      await client.workflow.getHandle(runId).terminate('the test says so');
    },
  };
};

/** Writes exports of the simulated market into a folder; returns their paths. */
export const writeSimulatedExports = async (
  folder: string,
  { sessions = 40, seed = 3, edge = 2, instrument = 'SIM' } = {},
): Promise<readonly string[]> => {
  const { bars } = await testSimulation({ edge, sessions, seed, decisionMinutes: 15 });
  return writeExports({ ...bars, instrument }, folder);
};

const finishedFile = async (watched: string, path: string): Promise<DataFile> => {
  const content = await readFile(path);
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { id: `${basename(path)}-${sha256.slice(0, 12)}`, pathId: relative(watched, path), bytes: content.length, sha256 };
};
