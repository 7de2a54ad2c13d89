import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { createDeploymentActivities } from '../../src/activities/versions/versions.js';
import { listen } from '../../src/api/listen.js';
import { createLearnerClient } from '../../src/client/learner-client.js';
import { keepPolicies } from '../../src/workers/api/keep-policies.js';
import { closeAfterAllTests } from '../../test/support/hooks.js';
import { quickSettings } from '../../test/support/loops/learners.js';
import { marketRows } from '../../test/support/market/market-rows.js';
import { recordingLogger } from '../../test/support/recording-logger.js';
import { dataset, newVersion } from '../../test/support/registry/registry.js';
import { storeModel } from '../../test/support/registry/served-model.js';
import { stubActivities } from '../../test/support/loops/stubbed-activities.js';
import { temporal } from '../../test/support/services/temporal.js';
import { testApi, type TestApi } from '../../test/support/services/test-api.js';
import { withWorkers } from '../../test/support/services/workers.js';
import { parseArgs } from 'node:util';
import type { Bench, Figure } from '../figure.js';

const place = { instrument: 'ES', bucket: 'default' };
const DECISION = '/api/v1/instruments/ES/decision';
/** Clients that ask for decisions, and how many they ask for in a second. */
const CONNECTIONS = 8;
const REQUESTS_PER_SECOND = 40;
const LIMIT_MS = 1_000;

/**
 * How long after a rollback the old version answers decisions over HTTP: `--rollbacks` (200) of them to and fro in the registry, and a tenth as many
 * asked for over HTTP, which go through Temporal; while other clients ask for decisions all the time. And how many of those requests fail.
 */
export const swap: Bench = async (flags) => {
  const { values } = parseArgs({ args: [...flags], options: { rollbacks: { type: 'string', default: '200' } } });
  const folder = await mkdtemp(join(tmpdir(), 'ratchet-swap-'));
  const environment = await temporal();
  const server = await testApi({ folder, client: environment.client, followsRegistry: true });
  const unfollow = await keepPolicies(server.policies.server, server.registry, recordingLogger());
  const listening = await listen({ api: server.api, host: '127.0.0.1', port: 0, guarded: false, onPortTaken: () => undefined });
  const url = `http://127.0.0.1:${listening.port}`;
  try {
    await installTwo(server);
    const { activities } = stubActivities(createDeploymentActivities(server));
    return await withWorkers({ environment, activities }, async () => {
      await createLearnerClient({ client: environment.client }).ensureLearner('ES', { ...quickSettings, enabled: false });
      return measure(url, server, Number(values.rollbacks));
    });
  } finally {
    unfollow();
    await listening.close();
    await server.close();
    await closeAfterAllTests();
    await rm(folder, { recursive: true, force: true });
  }
};

/** Two versions of different weights, live one after the other. */
const installTwo = async ({ registry, policies }: TestApi): Promise<void> => {
  await registry.datasets.save(dataset());
  let previous: string | null = null;
  for (const seed of [1, 2]) {
    const { bundle } = await storeModel(policies.artifacts, { seed });
    const { name: version } = await registry.versions.register(newVersion(`seed ${seed}`, { ...place, bundle }));
    const order = { ...place, operationKey: version, actor: 'bench', reason: 'bench', decision: null, expectedPrevious: previous };
    await registry.production.promote({ ...order, version });
    previous = version;
  }
};

/** Requests until they are stopped; in this thread, for autocannon never answers a stop of its workers. */
const startLoad = (options: autocannon.Options): { readonly stop: () => Promise<autocannon.Result> } => {
  let instance: autocannon.Instance | null = null;
  const done = new Promise<autocannon.Result>((resolve, reject) => {
    instance = autocannon(options, (error: unknown, result) => (error instanceof Error ? reject(error) : resolve(result)));
  });
  return {
    stop() {
      instance?.stop();
      return done;
    },
  };
};

const measure = async (url: string, { registry }: TestApi, rollbacks: number): Promise<Figure[]> => {
  const body = JSON.stringify({ bars: marketRows(3, 5).slice(0, -1).map(({ closeTime, ...prices }) => ({ close_time: closeTime, ...prices })) }); // prettier-ignore
  const headers = { 'content-type': 'application/json' };
  const answering = async (): Promise<string> => {
    const response = await fetch(url + DECISION, { method: 'POST', body, headers });
    return ((await response.json()) as { readonly version: string }).version;
  };
  const load = startLoad({
    url: url + DECISION,
    method: 'POST',
    body,
    headers,
    connections: CONNECTIONS,
    overallRate: REQUESTS_PER_SECOND,
    duration: 86_400,
  });
  const rounds = async (count: number, rollBack: (round: number, live: string) => Promise<unknown>): Promise<number[]> => {
    const tookMs: number[] = [];
    for (let round = 0; round < count; round++) {
      const before = await answering();
      const asked = performance.now();
      await rollBack(round, before);
      while ((await answering()) === before);
      tookMs.push(performance.now() - asked);
    }
    return tookMs.sort((a, b) => a - b);
  };
  const inRegistry = await rounds(rollbacks, (round, live) =>
    registry.production.rollback({ ...place, operationKey: `round ${round}`, expectedPrevious: live, actor: 'bench', reason: 'bench' }),
  );
  const overHttp = await rounds(Math.ceil(rollbacks / 10), async (round) => {
    const request = { method: 'POST', body: JSON.stringify({ reason: `round ${round}` }), headers };
    const answer = await fetch(`${url}/api/v1/instruments/ES/rollback`, request);
    if (!answer.ok) throw new Error(`rollback ${round} was answered with ${answer.status}: ${await answer.text()}`);
  });
  const { non2xx, errors, timeouts, requests } = await load.stop();
  const failed = non2xx + errors + timeouts;
  const figure = (name: string, sorted: readonly number[], share: number): Figure => {
    const value = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
    return { figure: name, value, unit: 'ms', limit: LIMIT_MS, ratio: LIMIT_MS / value };
  };
  return [
    figure(`rollback until the old version answers: p99 of ${inRegistry.length}`, inRegistry, 0.99),
    figure('the same: median', inRegistry, 0.5),
    figure(`asked for over HTTP and Temporal: median of ${overHttp.length}`, overHttp, 0.5),
    { figure: `failed of ${requests.total} decisions meanwhile`, value: failed, unit: 'requests', limit: 0, ratio: failed === 0 ? 1 : 0 },
  ];
};
