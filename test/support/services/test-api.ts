import { Client, Connection } from '@temporalio/client';
import { parseTokens } from '../../../src/api/access.js';
import { readMarkets } from '../../../src/activities/dependencies.js';
import { createApi, type Api } from '../../../src/api/app.js';
import { addRoutes } from '../../../src/api/routes.js';
import { GRID_PATH } from '../../../src/api/routes/experiences/experience-grids.js';
import { BULK_PATH } from '../../../src/api/routes/experiences/experiences.js';
import { createFineTuningClient } from '../../../src/client/continuous-learning/fine-tuning-client.js';
import { createSequenceClient } from '../../../src/client/sequence-client.js';
import { createValidationClient } from '../../../src/client/validations.js';
import { ratchetConfig } from '../../../src/config/ratchet.js';
import { createLearnerClient } from '../../../src/client/learner-client.js';
import type { WatchState } from '../../../src/domain/market/watch-state.js';
import { createKnownSchemas } from '../../../src/serving/known-schemas.js';
import { createMetrics } from '../../../src/telemetry/metrics.js';
import { testPolicies, type TestPolicies, NOW } from './policy-server.js';
import { recordingLogger } from '../recording-logger.js';
import { freshRegistry } from '../registry/registry.js';

export interface TestApi {
  readonly api: Api;
  readonly policies: TestPolicies;
  readonly registry: Awaited<ReturnType<typeof freshRegistry>>;
  /** Sends JSON (as it stands when it is text) and gives status, media type and parsed answer. */
  readonly call: (method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>) => Promise<Answer>;
  readonly close: () => Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface TestApiOptions {
  readonly folder: string;
  readonly host?: string;
  /** As in `RATCHET_API_TOKENS`. */
  readonly tokens?: string;
  /** One that nobody listens at unless given. */
  readonly client?: Client;
  readonly instruments?: readonly string[];
  readonly watch?: Partial<WatchState>;
  /** Settings of buckets and their sequences. */
  readonly config?: object;
  /** Serves what the registry says is live, instead of what a test installs. */
  readonly followsRegistry?: boolean;
  /** One of its own unless given. */
  readonly registry?: TestApi['registry'];
}

const WATCH: WatchState = {
  enabled: true,
  watching: true,
  path: '/exports',
  readable: true,
  lastChange: null,
  files: 0,
  pending: 0,
  problems: [],
};

/** The whole API in this process, on a registry of its own. */
export const testApi = async ({
  folder,
  host = '127.0.0.1',
  tokens,
  instruments = ['ES', 'NQ'],
  followsRegistry = false,
  ...more
}: TestApiOptions): Promise<TestApi> => {
  const registry = more.registry ?? (await freshRegistry());
  const policies = await testPolicies(
    folder,
    followsRegistry ? { production: () => registry.production.all(), standby: () => registry.production.standby() } : {},
  );
  const client = more.client ?? new Client({ connection: Connection.lazy({ address: '127.0.0.1:1' }) });
  const clock = { now: () => NOW };
  const api = createApi({
    host,
    tokens: parseTokens(tokens),
    logger: recordingLogger(),
    version: '1.2.3',
    streamed: [BULK_PATH, GRID_PATH],
  });
  const schemasOf = createKnownSchemas({
    artifacts: policies.artifacts,
    bundlesSince: registry.experiences.bundlesSince,
    foreign: { ours: 3 },
    graceMs: 3_600_000,
    clock,
  });
  const { instrument } = await readMarkets([]);
  const contracts = new Map(['ES', 'NQ'].map((id) => [id, instrument(id)]));
  const metrics = createMetrics({ version: '1.2.3', watcherUp: () => true, live: () => policies.server.serving(), clock });
  addRoutes(
    api,
    {
      instruments,
      watched: [],
      registry,
      artifacts: policies.artifacts,
      fineTuning: createFineTuningClient({ client, deadlineMs: more.client === undefined ? 250 : 10_000 }),
      sequences: createSequenceClient({ client, deadlineMs: more.client === undefined ? 250 : 10_000 }),
      validations: createValidationClient({ client, deadlineMs: more.client === undefined ? 250 : 10_000 }),
      progressive: ratchetConfig.parse(more.config ?? {}),
      learners: createLearnerClient({ client, deadlineMs: more.client === undefined ? 250 : 10_000 }),
      experiences: { contracts, schemasOf, stateLength: 2, bufferSize: 1_000, mostWaiting: 20 },
      watch: () => ({ ...WATCH, ...more.watch }),
      metrics,
      version: '1.2.3',
      startedAtMs: NOW - 5_000,
      clock,
    },
    policies.server,
  );
  return {
    api,
    policies,
    registry,
    async call(method, path, body, headers = {}) {
      const text = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body);
      const response = await api.request(path, {
        method,
        body: text,
        headers: { ...(text === null ? {} : { 'content-type': 'application/json' }), ...headers },
      });
      const type = response.headers.get('content-type') ?? '';
      return {
        status: response.status,
        type,
        body: type.includes('json') ? ((await response.json()) as Answer['body']) : { text: await response.text() },
      };
    },
    async close() {
      await policies.server.close();
      if (more.client === undefined) await client.connection.close();
    },
  };
};
