import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import { createDeploymentActivities } from '../../src/activities/versions/versions.js';
import { openFolderStore } from '../../src/artifacts/folder-store.js';
import { createLearnerClient } from '../../src/client/learner-client.js';
import { closeAfterAllTests } from '../../test/support/hooks.js';
import { quickSettings } from '../../test/support/loops/learners.js';
import { stubActivities } from '../../test/support/loops/stubbed-activities.js';
import { marketRows } from '../../test/support/market/market-rows.js';
import { dataset, freshRegistry, newVersion } from '../../test/support/registry/registry.js';
import { storeModel } from '../../test/support/registry/served-model.js';
import { startApi } from '../../test/support/services/api-process.js';
import { temporal } from '../../test/support/services/temporal.js';
import { withWorkers } from '../../test/support/services/workers.js';
import type { Bench, Figure } from '../figure.js';

const place = { instrument: 'ES', bucket: 'default' };
const DECISION = '/api/v1/instruments/ES/decision';
/** Clients that ask for decisions, and how many they ask for in a second. */
const CONNECTIONS = 8;
const REQUESTS_PER_SECOND = 40;
const LIMIT_MS = 1_000;

type TestRegistry = Awaited<ReturnType<typeof freshRegistry>>;

/**
 * How long after a rollback the old version answers decisions over HTTP: `--rollbacks` (200) of them to and fro in the registry, and a tenth as many
 * asked for over HTTP, which go through Temporal; while other clients ask for decisions all the time. And how many of those requests fail. The API is
 * the service's own process.
 */
export const swap: Bench = async (flags) => {
  const { values } = parseArgs({ args: [...flags], options: { rollbacks: { type: 'string', default: '200' } } });
  const home = await mkdtemp(join(tmpdir(), 'ratchet-swap-'));
  const environment = await temporal();
  const registry = await freshRegistry();
  await installTwo(registry, home);
  const config = { serving: { port: 0 }, instruments: [{ id: 'ES', calendar: 'us-equity' }] };
  const api = await startApi({ home, databaseUrl: registry.databaseUrl, temporalAddress: environment.address, config });
  try {
    const { activities } = stubActivities(createDeploymentActivities({ registry }));
    return await withWorkers({ environment, activities }, async () => {
      await createLearnerClient({ client: environment.client }).ensureLearner('ES', { ...quickSettings, enabled: false });
      return measure(api.url, registry, Number(values.rollbacks));
    });
  } finally {
    await api.stop();
    await closeAfterAllTests();
    await rm(home, { recursive: true, force: true });
  }
};

/** Two versions of different weights, live one after the other. */
const installTwo = async (registry: TestRegistry, home: string): Promise<void> => {
  const artifacts = await openFolderStore(join(home, 'artifacts'));
  await registry.datasets.save(dataset());
  let previous: string | null = null;
  for (const seed of [1, 2]) {
    const { bundle } = await storeModel(artifacts, { seed });
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

const measure = async (url: string, registry: TestRegistry, rollbacks: number): Promise<Figure[]> => {
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
  interface Rounds {
    /** Sorted, in ms: from the call to the first answer of the old version, and to the end of the call. */
    readonly answered: number[];
    readonly carriedOut: number[];
  }
  const rounds = async (count: number, rollBack: (round: number, live: string) => Promise<unknown>): Promise<Rounds> => {
    const [answered, carriedOut]: [number[], number[]] = [[], []];
    for (let round = 0; round < count; round++) {
      const before = await answering();
      const asked = performance.now();
      await rollBack(round, before);
      carriedOut.push(performance.now() - asked);
      while ((await answering()) === before);
      answered.push(performance.now() - asked);
    }
    return { answered: answered.sort((a, b) => a - b), carriedOut: carriedOut.sort((a, b) => a - b) };
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
  const part = (name: string, sorted: readonly number[], share: number, { value: peer }: Figure): Figure => {
    const { value, unit } = figure(name, sorted, share);
    return { figure: name, value, unit, peer: { name: 'of', value: peer }, ratio: peer / value };
  };
  const whole = figure(`rollback until the old version answers: p99 of ${rollbacks}`, inRegistry.answered, 0.99);
  const middle = figure('the same: median', inRegistry.answered, 0.5);
  return [
    whole,
    middle,
    part('of which the transaction: p99', inRegistry.carriedOut, 0.99, whole),
    part('the same: median', inRegistry.carriedOut, 0.5, middle),
    figure(`asked for over HTTP and Temporal: median of ${overHttp.answered.length}`, overHttp.answered, 0.5),
    { figure: `failed of ${requests.total} decisions meanwhile`, value: failed, unit: 'requests', limit: 0, ratio: failed === 0 ? 1 : 0 },
  ];
};
