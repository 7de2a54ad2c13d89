import assert from 'node:assert/strict';
import { parseTokens } from '../../src/api/access.js';
import { testApi, type TestApi, type TestApiOptions } from '../support/services/test-api.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const TOKENS = 'vera:viewer:0123456789abcdef0,otto:operator:0123456789abcdef1,anna:admin:0123456789abcdef2';
const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });
const [viewer, operator, admin] = ['0', '1', '2'].map((last) => bearer(`0123456789abcdef${last}`));
const OPEN = ['/api/v1/ping', '/healthz', '/readyz'];

describe('the guards of the API', () => {
  const folder = temporaryFolder();
  let opened: TestApi[] = [];
  beforeEach(() => void (opened = []));
  afterEach(() => Promise.all(opened.map((one) => one.close())));
  const open = async (options: Partial<TestApiOptions> = {}): Promise<TestApi> => {
    const one = await testApi({ folder: folder(), ...options });
    opened.push(one);
    return one;
  };

  /** Every documented route, with something in the place of its parameters. */
  const routes = async ({ call }: TestApi): Promise<{ method: string; path: string }[]> => {
    const { body } = await call('GET', '/openapi.json', undefined, admin);
    return Object.entries(body.paths as Record<string, object>).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => ({
        method: method.toUpperCase(),
        path: path.replace(/\{decision\}/, '1').replace(/\{\w+\}/g, 'ES'),
      })),
    );
  };

  it('refuses every route but the open ones without a token, with a wrong one, and with one of another scheme', async () => {
    const api = await open({ tokens: TOKENS });
    const all = await routes(api);
    assert.ok(all.length >= 20, String(all.length));
    for (const { method, path } of all.filter((route) => !OPEN.includes(route.path)))
      for (const headers of [{}, bearer('0123456789abcdef9'), { authorization: 'Basic 0123456789abcdef2' }]) {
        const { status, type, body } = await api.call(method, path, method === 'POST' ? {} : undefined, headers);
        assert.deepEqual([path, status, type, body.type], [path, 401, 'application/problem+json', 'urn:ratchet:unauthorized']);
      }
    for (const path of OPEN) assert.equal((await api.call('GET', path)).status, 200);
  });

  it('lets a viewer change nothing, and an operator neither promote nor roll back', async () => {
    const api = await open({ tokens: TOKENS });
    const changes = (await routes(api)).filter(({ method, path }) => method !== 'GET' && !path.endsWith('/decision'));
    assert.ok(changes.length >= 8, String(changes.length));
    for (const { method, path } of changes) {
      const { status, body } = await api.call(method, path, {}, viewer);
      assert.deepEqual([path, status], [path, 403]);
      assert.match(String(body.detail), /needs the role (operator|admin); vera is viewer/);
    }
    const forAdmins = changes.filter(({ path }) => /(rollback|activate)$/.test(path));
    assert.equal(forAdmins.length, 2);
    for (const { method, path } of forAdmins) assert.equal((await api.call(method, path, {}, operator)).status, 403);
  });

  it('records the name of the token with what it did', async () => {
    const { call, registry } = await open({ tokens: TOKENS });
    assert.equal((await call('POST', '/api/v1/serving/halt', { reason: 'odd fills' }, operator)).status, 200);
    const [event] = await registry.events.latest(1);
    assert.deepEqual([event?.kind, event?.actor], ['settingChanged', 'otto']);
  });

  it('refuses requests that name another host or come from a page of another origin', async () => {
    const { call } = await open();
    assert.equal((await call('GET', '/api/v1/ping', undefined, { host: 'evil.example' })).body.type, 'urn:ratchet:wrong-host');
    assert.equal((await call('GET', '/api/v1/ping', undefined, { host: 'localhost:8200', origin: 'http://evil.example' })).status, 403);
    assert.equal((await call('GET', '/api/v1/ping', undefined, { host: 'localhost:8200', origin: 'http://localhost:9' })).status, 403);
    assert.equal((await call('GET', '/api/v1/ping', undefined, { host: 'localhost:8200', origin: 'http://localhost:8200' })).status, 200);
    assert.equal((await call('GET', '/api/v1/ping', undefined, { host: '[::1]:8200' })).status, 200);
  });

  it('takes JSON only, of 1 MB (bars to decide on: 6 MB) and 32 levels at most', async () => {
    const { call } = await open();
    const path = '/api/v1/instruments/ES/decision';
    const refused = async (body: string, headers: Record<string, string> = {}): Promise<unknown[]> => {
      const answer = await call('POST', path, body, headers);
      return [answer.status, answer.type, answer.body.type];
    };
    const problem = 'application/problem+json';
    assert.deepEqual(await refused('a=1', { 'content-type': 'application/x-www-form-urlencoded' }), [415, problem, 'urn:ratchet:not-json']);
    assert.deepEqual(await refused('{}', { 'content-type': 'text/plain' }), [415, problem, 'urn:ratchet:not-json']);
    assert.deepEqual(await refused('{'), [400, problem, 'urn:ratchet:malformed-json']);
    assert.deepEqual(await refused('['.repeat(33) + ']'.repeat(33)), [400, problem, 'urn:ratchet:too-deep']);
    assert.equal((await refused('['.repeat(32) + ']'.repeat(32)))[0], 422);
    assert.deepEqual(await refused(`"${'x'.repeat(6_000_000)}"`), [413, problem, 'urn:ratchet:body-too-large']);
    const prices = { open: 21_123.456789, high: 21_123.456789, low: 21_123.456789, close: 21_123.456789, volume: 12_345.678901 };
    const bars = Array.from({ length: 10_000 }, (_, i) => ({ close_time: new Date(i * 60_000).toISOString(), ...prices }));
    assert.ok(JSON.stringify({ bars }).length > 1_000_000);
    assert.equal((await call('POST', path, { bars })).body.type, 'urn:ratchet:nothing-served');
    const elsewhere = await call('POST', '/api/v1/instruments/ES/pause', `"${'x'.repeat(1_000_000)}"`);
    assert.deepEqual([elsewhere.status, String(elsewhere.body.detail).includes('1000000 bytes')], [413, true]);
    assert.deepEqual(await refused(''), [400, problem, 'urn:ratchet:malformed-json']);
  });

  it('sends the headers that keep pages from embedding or sniffing it', async () => {
    const { api } = await open();
    const { headers } = await api.request('/api/v1/ping');
    assert.equal(headers.get('content-security-policy'), "default-src 'self'");
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.equal(headers.get('access-control-allow-origin'), null);
  });
});

describe('parseTokens', () => {
  it('refuses an unknown role and a token that can be guessed, without showing it', () => {
    assert.deepEqual(parseTokens(undefined), []);
    assert.throws(() => parseTokens('eve:root:0123456789abcdef'), /the entry for "eve" is not one/);
    assert.throws(
      () => parseTokens('eve:admin:secret'),
      (error: Error) => !error.message.includes('secret'),
    );
  });
});
