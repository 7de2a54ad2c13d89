import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from '@temporalio/client';
import { afterAllTests } from '../hooks.js';
import { until } from '../until.js';
import { startService, type Service } from '../services/services.js';
import { freshNamespace, temporal, temporalExecutable } from '../services/temporal.js';

/** A namespace in which workers of the workflows are builds of a deployment, and what an operator does there. */
export interface Builds {
  readonly namespace: string;
  readonly client: Client;
  /** Whether the server tells a workflow that another build is the current one, and lets it leave its own as it continues as new. */
  readonly tells: boolean;
  readonly start: (build: string) => Promise<Service>;
  readonly makeCurrent: (build: string) => Promise<void>;
  /** Lets learners go on with the current build at their next message. */
  readonly release: () => Promise<void>;
  readonly nudge: () => Promise<void>;
  /** The builds that took a run on, one after another; the workflow's newest run, unless one is named. */
  readonly buildsOf: (workflowId: string, runId?: string) => Promise<readonly string[]>;
}

const DEPLOYMENT = 'ratchet';
const LEARNERS = ['--query', 'WorkflowType="learner" AND ExecutionStatus="Running"', '--yes'];

/** Runs the commands of docs/operations.md for real, again while the server refuses them: it does one batch at a time, and learns of a new worker by and by. */
export const openBuilds = async (): Promise<Builds> => {
  const { connection } = await temporal();
  const { address } = connection.options;
  const [executable, namespace] = [await temporalExecutable(), freshNamespace()];
  const client = new Client({ connection, namespace });
  const home = await mkdtemp(join(tmpdir(), 'ratchet-builds-'));
  afterAllTests(() => rm(home, { recursive: true, force: true }));
  const command = (...words: string[]): Promise<void> => {
    const asked = [...words, '--address', address, '--namespace', namespace];
    return until(() => promisify(execFile)(executable, asked).then(isDone, isRefused), 30_000, 200);
  };
  const { serverVersion } = await connection.workflowService.getSystemInfo({});
  return {
    namespace,
    client,
    tells: isAtLeast(serverVersion, [1, 31]),
    start: (build) =>
      startService('orchestration', {
        home,
        databaseUrl: '',
        temporalAddress: address,
        temporalNamespace: namespace,
        config: '',
        variables: { RATCHET_DEPLOYMENT: DEPLOYMENT, RATCHET_BUILD: build },
      }),
    makeCurrent: (build) =>
      command('worker', 'deployment', 'set-current-version', '--deployment-name', DEPLOYMENT, '--build-id', build, '--yes'),
    release: () => command('workflow', 'update-options', '--versioning-override-behavior', 'auto_upgrade', ...LEARNERS),
    nudge: () => command('workflow', 'signal', '--name', 'nudge', ...LEARNERS),
    async buildsOf(workflowId, runId) {
      const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
      const builds = (events ?? []).flatMap(({ workflowTaskCompletedEventAttributes: done }) => done?.deploymentVersion?.buildId ?? []);
      return builds.filter((build, index) => build !== builds[index - 1]);
    },
  };
};

const isDone = (): boolean => true;
const isRefused = (): boolean => false;

const isAtLeast = (version: string, [major, minor]: readonly [number, number]): boolean => {
  const [ofMajor = 0, ofMinor = 0] = version.split('.').map(Number);
  return ofMajor > major || (ofMajor === major && ofMinor >= minor);
};
