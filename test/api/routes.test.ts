import assert from 'node:assert/strict';
import type { Client } from '@temporalio/client';
import { trainingRunId } from '../../src/domain/ids.js';
import { createLearnerClient } from '../../src/client/learner-client.js';
import { freshInstrument, quickSettings } from '../support/loops/learners.js';
import { marketRows } from '../support/market/market-rows.js';
import { runSql } from '../support/services/postgres.js';
import { seedVersions } from '../support/registry/registry.js';
import { stubActivities } from '../support/loops/stubbed-activities.js';
import { temporal } from '../support/services/temporal.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { testApi, type TestApi, type TestApiOptions } from '../support/services/test-api.js';
import { withWorkers } from '../support/services/workers.js';

describe('the routes of the API', () => {
  const folder = temporaryFolder();
  let opened: TestApi[] = [];
  beforeEach(() => void (opened = []));
  afterEach(() => Promise.all(opened.map((one) => one.close())));
  const open = async (options: Partial<TestApiOptions> = {}): Promise<TestApi> => {
    const one = await testApi({ folder: folder(), ...options });
    opened.push(one);
    return one;
  };
  const rows = (seed = 5) => marketRows(3, seed).map(({ closeTime, ...prices }) => ({ close_time: closeTime, ...prices }));

  describe('a decision', () => {
    it('is given on bars, with stamps as numbers or as text, and on a state vector', async () => {
      const { call, policies } = await open();
      await policies.install('v1', { simulated: true });
      await policies.server.refresh();
      const bars = rows().slice(0, -1);
      const { status, body } = await call('POST', '/api/v1/instruments/ES/decision', { bars, position: 0.5, session_return: -0.01 });
      assert.equal(status, 200, JSON.stringify(body));
      const keys = [
        'instrument',
        'bucket',
        'version',
        'role',
        'unproven',
        'simulated',
        'action',
        'branches',
        'confidence',
        'flat_because',
        'data_as_of',
        'latency_ms',
      ];
      assert.deepEqual(Object.keys(body).sort(), keys.sort());
      assert.deepEqual([body.version, body.unproven, body.simulated, body.flat_because], ['v1', false, true, null]);
      assert.equal(body.data_as_of, '2024-01-04T20:59:00.000Z');
      const text = bars.map((bar) => ({ ...bar, close_time: new Date(bar.close_time).toISOString() }));
      const again = await call('POST', '/api/v1/instruments/ES/decision', { bars: text, position: 0.5, session_return: -0.01 });
      assert.deepEqual({ ...again.body, latency_ms: 0 }, { ...body, latency_ms: 0 });
      const vector = await call('POST', '/api/v1/instruments/ES/decision', { observation: Array.from({ length: 16 }, () => 0.1) });
      assert.deepEqual([vector.status, vector.body.data_as_of], [200, null]);
    });

    it('is refused with what was wrong, which value and what was expected', async () => {
      const { call, policies } = await open();
      await policies.install('v1');
      await policies.server.refresh();
      const refused = async (body: unknown, path = 'ES/decision'): Promise<unknown[]> => {
        const answer = await call('POST', `/api/v1/instruments/${path}`, body);
        assert.equal(answer.type, 'application/problem+json');
        return [answer.status, answer.body.type, answer.body.detail];
      };
      assert.deepEqual((await refused({}, 'NQ/decision')).slice(0, 2), [404, 'urn:ratchet:nothing-served']);
      assert.deepEqual(
        (await refused({}, 'ES/decision?bucket=Short'))[2],
        'no version is live for ES in bucket Short: the first one is installed when its first training ends',
      );
      assert.deepEqual((await refused({ bars: rows().slice(0, 9) })).slice(0, 2), [422, 'urn:ratchet:unanswerable']);
      assert.match(String((await refused({ bars: rows().slice(0, 9) }))[2]), /has 9: send more history/);
      assert.match(String((await refused({ bars: [{ ...rows()[0], close: -1 }] }))[2]), /bars\.0\.close/);
      assert.match(String((await refused({ bars: [{ ...rows()[0], close_time: '2024-01-02 14:31' }] }))[2]), /bars\.0\.close_time/);
      assert.match(String((await refused({ bars: [{ ...rows()[0], close_time: 1e16 }] }))[2]), /bars\.0\.close_time/);
      assert.match(String((await refused({ bras: [] }))[2]), /bras/);
    });
  });

  it('stop and start decisions by the kill switch, which outlives the process', async () => {
    const { call, policies, registry } = await open();
    await policies.install('v1');
    await policies.server.refresh();
    const observation = Array.from({ length: 16 }, () => 0.1);
    const flatBecause = async (): Promise<unknown> =>
      (await call('POST', '/api/v1/instruments/ES/decision', { observation })).body.flat_because;
    assert.equal((await call('POST', '/api/v1/serving/halt', {})).status, 422);
    assert.equal((await call('POST', '/api/v1/serving/halt', { reason: 'a\0b' })).status, 422);
    const halted = await call('POST', '/api/v1/serving/halt', { reason: 'odd fills' });
    assert.deepEqual(halted.body, { halted: true, live: [{ instrument: 'ES', bucket: 'default', version: 'v1', role: 'production' }] });
    assert.equal(await flatBecause(), 'halted');
    assert.deepEqual((await registry.settings.get('serving.halted'))?.value, { halted: true, reason: 'odd fills' });
    assert.equal((await call('POST', '/api/v1/serving/release', { reason: 'explained' })).body.halted, false);
    assert.equal(await flatBecause(), null);
  });

  it('stop decisions here by the kill switch though the registry is away, and say that it was not stored', async () => {
    const { call, policies, registry } = await open();
    await runSql(registry.databaseUrl, 'alter table setting rename to lost');
    const { status, body } = await call('POST', '/api/v1/serving/halt', { reason: 'odd fills' });
    assert.deepEqual([status, body.type, policies.server.isHalted()], [503, 'urn:ratchet:switch-not-kept', true]);
    assert.equal((await call('POST', '/api/v1/serving/release', { reason: 'explained' })).status, 503);
    assert.equal(policies.server.isHalted(), true);
  });

  it('say what freqtrade’s users and probes look for', async () => {
    const { call } = await open();
    assert.deepEqual((await call('GET', '/api/v1/ping')).body, { status: 'pong' });
    assert.deepEqual((await call('GET', '/api/v1/version')).body, { version: '1.2.3' });
    assert.deepEqual((await call('GET', '/healthz')).body, { status: 'ok', up_s: 5 });
    assert.deepEqual((await call('GET', '/readyz')).body, { status: 'ready', live: 0 });
    assert.equal((await call('GET', '/api/v1/health')).body.last_process, null);
    assert.equal(typeof (await call('GET', '/api/v1/sysinfo')).body.ram_pct, 'number');
    assert.deepEqual((await call('GET', '/api/v1/nowhere')).body.type, 'urn:ratchet:unknown-route');
  });

  it('list versions newest first, page by page', async () => {
    const { call, registry } = await open();
    const names = (await seedVersions(registry, 3)).map(({ name }) => name).reverse();
    const list = async (query: string): Promise<unknown[]> =>
      Object.values((await call('GET', `/api/v1/models?${query}`)).body).map((version) => (version as { name: string }).name);
    assert.deepEqual(await list('instrument=ES'), names);
    assert.deepEqual(await list('instrument=ES&limit=2'), names.slice(0, 2));
    assert.deepEqual(await list('instrument=ES&limit=2&before=2'), names.slice(2));
    assert.equal((await call('GET', '/api/v1/models')).status, 422);
    const looks = await call('GET', '/api/v1/drift?instrument=ES');
    assert.deepEqual([looks.status, looks.body], [200, []]);
    assert.equal((await call('GET', '/api/v1/drift?instrument=NONE')).status, 404);
    assert.equal((await call('GET', '/api/v1/models?instrument=ES&limit=1000')).status, 422);
    assert.equal((await call('GET', '/api/v1/models?instrument=ES&before=3000000000')).status, 422);
    assert.equal((await call('GET', '/api/v1/runs/train-ES-000001')).body.type, 'urn:ratchet:unknown-run');
    assert.equal((await call('GET', '/api/v1/decisions/7')).body.type, 'urn:ratchet:unknown-decision');
  });

  it('tell which version was live when', async () => {
    const { call, registry } = await open();
    const [first] = await seedVersions(registry, 1);
    const order = { operationKey: 'p', instrument: 'ES', bucket: 'default', actor: 'ratchet', reason: 'test', decision: null };
    await registry.production.promote({ ...order, version: first!.name, expectedPrevious: null });
    assert.equal((await call('GET', '/api/v1/instruments/ES/production')).body.version, first!.name);
    const before = await call('GET', '/api/v1/instruments/ES/production?at=2020-01-01T00:00:00Z');
    assert.deepEqual([before.status, before.body], [200, null]);
    assert.equal((await call('GET', '/api/v1/instruments/ES/production?at=yesterday')).status, 422);
    assert.equal((await call('GET', '/api/v1/instruments/CL/production')).body.type, 'urn:ratchet:unknown-instrument');
  });

  it('answer 503 for what Temporal is needed for, and go on with the rest, while it is away', async () => {
    const { call } = await open();
    const paused = await call('POST', '/api/v1/instruments/ES/pause', {});
    assert.deepEqual([paused.status, paused.body.type], [503, 'urn:ratchet:no-answer']);
    assert.deepEqual((await call('GET', '/api/v1/instruments')).body, []);
    const status = await call('GET', '/api/settings/auto-retrain-status');
    assert.deepEqual([status.status, status.body.watching, status.body.instruments], [200, true, []]);
  });

  describe('with learners', () => {
    const withLearner = async (test: (api: TestApi, instrument: string, client: Client) => Promise<void>): Promise<void> => {
      const environment = await temporal();
      const instrument = freshInstrument();
      const { activities } = stubActivities();
      await withWorkers({ environment, activities }, async () => {
        const learners = createLearnerClient({ client: environment.client });
        await learners.ensureLearner(instrument, { ...quickSettings, enabled: false });
        await test(await open({ client: environment.client, instruments: [instrument] }), instrument, environment.client);
        await environment.client.workflow.getHandle(`learner-${instrument}`).terminate('the test is over');
      });
    };

    it('pause, resume and retrain them, the same request once', () =>
      withLearner(async ({ call }, instrument) => {
        const at = `/api/v1/instruments/${instrument}`;
        assert.equal((await call('POST', `${at}/pause`, { reason: 'holiday' })).body.phase, 'paused');
        const { learner } = (await call('GET', at)).body as { learner: { phase: string; why_not_yet: string } };
        assert.deepEqual([learner.phase, learner.why_not_yet.includes('holiday')], ['paused', true]);
        assert.notEqual((await call('POST', `${at}/resume`, {})).body.phase, 'paused');
        assert.equal((await call('POST', `${at}/skip`, {})).body.type, 'urn:ratchet:refused');
        const key = { 'idempotency-key': 'one' };
        const asked = await call('POST', `${at}/retrain`, { full: true, reason: 'test' }, key);
        assert.deepEqual([asked.status, asked.body.run], [200, trainingRunId(instrument, 1)]);
        assert.deepEqual((await call('POST', `${at}/retrain`, { full: true, reason: 'test' }, key)).body, asked.body);
        const { body: ledger } = await call('GET', `${at}/ledger`);
        assert.deepEqual([ledger.count, (ledger.entries as { reason: string }[])[0]?.reason], [1, 'test (full)']);
        const rollback = await call('POST', `${at}/rollback`, { reason: 'another verb, the same key' }, key);
        assert.deepEqual([rollback.status, rollback.body.run], [200, undefined]);
        const listed = Object.values((await call('GET', '/api/v1/instruments')).body) as { id: string }[];
        assert.deepEqual(
          listed.map(({ id }) => id),
          [instrument],
        );
      }));

    it('do what the guides’ own programs ask', () =>
      withLearner(async ({ call }, instrument) => {
        const { body } = await call('GET', '/api/settings/auto-retrain-status');
        assert.deepEqual([body.enabled, body.path, body.pending_files], [true, '/exports', 0]);
        const refused = async (sent: object): Promise<unknown[]> => {
          const answer = await call('POST', '/api/training/start', sent);
          return [answer.status, answer.body.type];
        };
        assert.deepEqual(await refused({ device: 'cuda' }), [409, 'urn:ratchet:no-gpu']);
        assert.deepEqual(await refused({ checkpoint_path: '../../etc/passwd' }), [422, 'urn:ratchet:checkpoint-refused']);
        assert.deepEqual(await refused({ instrument: 'CL' }), [404, 'urn:ratchet:unknown-instrument']);
        const started = await call('POST', '/api/training/start', { device: 'auto', checkpoint_path: 'models/best_model.pt' });
        assert.deepEqual([started.status, started.body.status, started.body.instrument], [200, 'started', instrument]);
      }));

    it('pass on a learner’s refusal with its reason', () =>
      withLearner(async ({ call }, instrument) => {
        const { status, body } = await call('POST', `/api/v1/instruments/${instrument}/stop`, {});
        assert.deepEqual([status, body.type], [409, 'urn:ratchet:refused']);
        assert.ok(String(body.detail).length > 10, String(body.detail));
      }));
  });

  it('are counted by pattern, not by address', async () => {
    const { call, policies } = await open();
    await policies.install('v1');
    await policies.server.refresh();
    await call('POST', '/api/v1/instruments/ES/decision', { observation: Array.from({ length: 16 }, () => 0.1) });
    await call('GET', '/api/v1/runs/train-ES-000001');
    const text = String((await call('GET', '/metrics')).body.text);
    assert.match(text, /ratchet_build_info\{version="1\.2\.3"\} 1/);
    assert.match(text, /ratchet_decisions_total\{instrument="ES",outcome="model"\} 1/);
    assert.match(text, /ratchet_http_request_duration_seconds_count\{method="GET",route="\/api\/v1\/runs\/:run",status="404"\} 1/);
    assert.match(text, /ratchet_model_age_seconds\{instrument="ES",bucket="default",alias="production"\} 0/);
  });

  it('are all in a document whose references and parameters hold', async () => {
    const { call, api } = await open();
    const { body } = await call('GET', '/openapi.json');
    assert.equal(body.openapi, '3.1.0');
    const paths = body.paths as Record<string, Record<string, Operation>>;
    const served = api.routes.filter(({ method, path }) => method !== 'ALL' && path !== '/openapi.json');
    for (const { method, path } of served)
      assert.ok(paths[path.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()], `${method} ${path} is not in the document`);
    for (const [path, methods] of Object.entries(paths))
      for (const [method, { responses, parameters = [] }] of Object.entries(methods)) {
        const said = parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
        const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
        assert.deepEqual(said, named, `${method} ${path}`);
        assert.ok(responses['200'], `${method} ${path} says no success`);
        if (path !== '/metrics') assert.ok(responses.default?.content['application/problem+json'], `${method} ${path} says no problem`);
      }
    const references = [...JSON.stringify(body).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, reference = '']) => reference);
    assert.ok(references.length > 0);
    for (const reference of references) {
      const found = reference.split('/').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], body);
      assert.ok(found, `#/${reference} leads nowhere`);
    }
  });
});

interface Operation {
  readonly parameters?: readonly { readonly in: string; readonly name: string }[];
  readonly responses: Readonly<Record<string, { readonly content: Readonly<Record<string, unknown>> }>>;
}
