import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { readEnvironment } from '../../../src/config/environment.js';
import { searchAttributes } from '../../../src/domain/orchestration/search-attributes.js';
import { locateTemporal } from '../../../src/runtime/temporal/locate-temporal.js';
import { dynamicConfig } from '../../../src/runtime/temporal/temporal-server.js';
import { bundleWorkflows } from '../../../src/workers/workflow-bundle.js';
import { afterAllTests } from '../hooks.js';

export interface TemporalOptions {
  /** History events after which the server suggests to continue as new; a server of its own when set. */
  readonly suggestContinueAsNewAfter?: number;
}

/** Namespaces of the process's server beside `default`. */
const NAMESPACES = Array.from({ length: 40 }, (_, index) => `test-${index + 1}`);

const untaken = NAMESPACES.values();
const servers = new Map<number, Promise<TestWorkflowEnvironment>>();
let bundle: Promise<WorkflowBundleWithSourceMap> | null = null;
let quiet = false;

/** The process's Temporal dev server, started by the first test that asks; one more for each history limit. */
export const temporal = ({ suggestContinueAsNewAfter = 0 }: TemporalOptions = {}): Promise<TestWorkflowEnvironment> => {
  const started = servers.get(suggestContinueAsNewAfter) ?? start(suggestContinueAsNewAfter);
  servers.set(suggestContinueAsNewAfter, started);
  return started;
};

/** A namespace for one test that runs services: no worker, learner or run of another test is in it. */
export const freshNamespace = (): string => {
  const { value } = untaken.next();
  if (value === undefined) throw new Error(`all ${NAMESPACES.length} namespaces are taken: add some`);
  return value;
};

/** All workflows, bundled once for the process. */
export const workflowBundle = (): Promise<WorkflowBundleWithSourceMap> => {
  beQuiet();
  return (bundle ??= bundleWorkflows({ logger: new DefaultLogger('ERROR') }));
};

/** Path of the Temporal command line: `TEMPORAL_CLI`, else on PATH or in the cache, else in Go's folder. */
export const temporalExecutable = async (): Promise<string> => {
  if (process.env.TEMPORAL_CLI !== undefined) return process.env.TEMPORAL_CLI;
  const { cache, searchPath } = readEnvironment();
  try {
    return (await locateTemporal({ cache, searchPath })).path;
  } catch (error) {
    const path = goExecutable();
    if (path === null) throw error;
    return path;
  }
};

const start = async (limit: number): Promise<TestWorkflowEnvironment> => {
  beQuiet();
  const environment = await TestWorkflowEnvironment.createLocal({
    server: {
      executable: { type: 'existing-path', path: await temporalExecutable() },
      searchAttributes: Object.entries(searchAttributes).map(([name, type]) => defineSearchAttributeKey(name, types[type])),
      extraArgs: [
        ...NAMESPACES.flatMap((name) => ['--namespace', name]),
        ...Object.entries({ ...dynamicConfig, ...(limit === 0 ? {} : { 'limit.historyCount.suggestContinueAsNew': limit }) }).flatMap(
          ([key, value]) => ['--dynamic-config-value', `${key}=${value}`],
        ),
      ],
    },
  });
  afterAllTests(() => environment.teardown());
  return environment;
};

const types = {
  Keyword: SearchAttributeType.KEYWORD,
  Int: SearchAttributeType.INT,
  Double: SearchAttributeType.DOUBLE,
  Datetime: SearchAttributeType.DATETIME,
} as const;

const beQuiet = (): void => {
  if (!quiet) Runtime.install({ logger: new DefaultLogger('ERROR') });
  quiet = true;
};

const goExecutable = (): string | null => {
  try {
    const path = join(execFileSync('go', ['env', 'GOPATH'], { encoding: 'utf8' }).trim(), 'bin', 'temporal');
    return existsSync(path) ? path : null;
  } catch {
    return null;
  }
};
