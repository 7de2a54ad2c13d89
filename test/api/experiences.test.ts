import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { sentExperience } from '../support/experiences.js';
import { runSql } from '../support/services/postgres.js';
import { dataset, newVersion } from '../support/registry/registry.js';
import { storeModel } from '../support/registry/served-model.js';
import { sharedFolder } from '../support/shared.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { testApi, type Answer, type TestApi } from '../support/services/test-api.js';

const PATH = '/api/v1/experiences';
const NDJSON = { 'content-type': 'application/x-ndjson' };

describe('experiences over HTTP', () => {
  const folder = temporaryFolder();
  let opened: TestApi;
  beforeEach(async () => {
    opened = await testApi({ folder: folder() });
  });
  afterEach(() => opened.close());
  const post = (body: unknown, query = ''): Promise<Answer> => opened.call('POST', `${PATH}${query}`, body);
  const bulk = (lines: readonly unknown[], query = ''): Promise<Answer> =>
    opened.call(
      'POST',
      `${PATH}/bulk${query}`,
      lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'),
      NDJSON,
    );
  const stored = async (): Promise<number> => Number((await opened.call('GET', `${PATH}/stats?instrument=ES`)).body.stored);
  const refusal = ({ status, type, body }: Answer): unknown[] => {
    assert.equal(type, 'application/problem+json');
    return [status, body.detail];
  };

  it('come back as they were sent, and a repeat is one record', async () => {
    const sent = sentExperience('a', { reflection_insight: { reasoning: 'it "held" \\ so', lessons_learned: ['wait, then {act}'] } });
    for (let time = 0; time < 2; time++) assert.deepEqual((await post(sent)).body, { id: 'a' });
    assert.equal(await stored(), 1);
    const { received_at: received, annotated_at: annotated, annotated_by: by, ...back } = (await opened.call('GET', `${PATH}/a`)).body;
    const iso = {
      timestamp: '2026-03-02T15:30:01.000Z',
      decision_time: '2026-03-02T15:30:00.000Z',
      data_as_of: '2026-03-02T15:30:00.000Z',
    };
    assert.deepEqual(back, { ...sent, ...iso });
    assert.equal(by, 'reporter');
    assert.ok(Date.parse(String(received)) > 0 && Date.parse(String(annotated)) > 0);
  });

  it('keep any text and any 32-bit numbers through storage', async () => {
    const finite = fc.float({ noNaN: true, noDefaultInfinity: true });
    const text = fc
      .string({ minLength: 1, maxLength: 30, unit: 'grapheme' })
      .filter((one) => !one.includes('\0') && !/\p{Surrogate}/u.test(one));
    let number = 0;
    await fc.assert(
      fc.asyncProperty(text, fc.array(finite, { minLength: 3, maxLength: 3 }), async (episode, state) => {
        const id = `any-${number++}`;
        const sent = sentExperience(id, { state, episode_id: episode });
        assert.equal((await post(sent)).status, 200);
        const { body } = await opened.call('GET', `${PATH}/${id}`);
        assert.equal(body.episode_id, episode);
        assert.deepEqual(
          Float32Array.from(body.state as number[]),
          Float32Array.from(state, (value) => value),
        );
      }),
      { numRuns: 40, seed: 7 },
    );
  });

  it('of the guides’ form need only be told their instrument, their zone and their length', async () => {
    const shared = sharedFolder();
    const example: unknown =
      shared === null
        ? {
            ...sentExperience('x'),
            id: undefined,
            instrument: undefined,
            timestamp: '2025-01-15T10:30:00',
            state: [0.1, 0.2],
            next_state: [0.1, 0.2],
            schema_hash: undefined,
            data_as_of: undefined,
            decision_time: undefined,
          }
        : JSON.parse(readFileSync(join(shared, 'spec/examples/experience.json'), 'utf8'));
    assert.match(String(refusal(await post(example))[1]), /^instrument is missing/);
    assert.match(
      String(refusal(await post(example, '?instrument=ES'))[1]),
      /^timestamp is "2025-01-15T10:30:00": expected ISO 8601 with a zone/,
    );
    assert.match(
      String(refusal(await post(example, '?instrument=ES&time_zone=UTC&state_length=200'))[1]),
      /^state has 2 numbers: expected 200/,
    );
    assert.match(String(refusal(await post(example, '?instrument=ES&time_zone=Berlin'))[1]), /expected an IANA name/);
    const query = '?instrument=ES&time_zone=America/New_York&state_length=2';
    const first = await post(example, query);
    assert.deepEqual([first.status, (await post(example, query)).body], [200, first.body]);
    assert.equal(await stored(), 1);
    const { body } = await opened.call('GET', `${PATH}/${String(first.body.id)}`);
    assert.deepEqual([body.timestamp, body.schema_hash, body.state], ['2025-01-15T15:30:00.000Z', 'foreign-2', [0.1, 0.2]]);
  });

  const mistakes: readonly (readonly [string, Readonly<Record<string, unknown>>, RegExp])[] = [
    ['an unknown instrument', { instrument: 'CL' }, /^instrument "CL" is not configured here; known: ES, NQ/],
    ['a vector of another length', { state: [1, 2] }, /^state has 2 numbers: expected 3/],
    ['a next vector of another length', { next_state: [1, 2] }, /^next_state has 2 numbers: expected 3/],
    ['a number beyond 32 bits', { state: [1, 1e300, 2] }, /^state\.1 is 1e\+300: expected a number that 32 bits can hold/],
    ['text in a vector', { next_state: [1, 'x', 2] }, /^next_state\.1/],
    ['an old schema', { schema_hash: 'of last year' }, /^schema_hash "of last year" is old or unknown/],
    ['an action beyond one', { action: 1.5 }, /^action/],
    ['an unknown key', { rewrad: 1 }, /rewrad/],
    ['data later than the decision', { data_as_of: '2026-03-02T15:31:00Z' }, /^data_as_of is .* after decision_time/],
    ['a stamp without a zone', { timestamp: '2026-03-02T15:30:01' }, /^timestamp/],
    ['a text that PostgreSQL cannot store', { episode_id: 'a\0b' }, /^episode_id/],
    ['a propensity beyond one', { propensity: 1.01 }, /^propensity/],
  ];

  it('are refused one by one with the field that is wrong, which is stored nowhere', async () => {
    for (const [what, changed, detail] of mistakes) {
      const [status, told] = refusal(await post(sentExperience('m', changed)));
      assert.equal(status, 422, what);
      assert.match(String(told), detail, what);
    }
    assert.equal(await stored(), 0);
  });

  it('are refused in bulk line by line, and the rest is kept', async () => {
    const wrong = mistakes.map(([, changed]) => sentExperience('m', changed));
    const nan = JSON.stringify(sentExperience('n')).replace('"reward":0.05', '"reward":NaN');
    const infinite = JSON.stringify(sentExperience('n')).replace('[0.1,-0.2,3]', '[0.1, -Infinity,3]');
    const lines = [
      sentExperience('a'),
      ...wrong,
      nan,
      infinite,
      '{"id": ',
      '',
      sentExperience('b'),
      sentExperience('a', { reward: 9 }),
      sentExperience('a'),
    ];
    const { status, body } = await bulk(lines);
    assert.deepEqual([status, body.stored, body.known, body.refused], [422, 2, 1, wrong.length + 4]);
    const told = body.lines as readonly { line: number; field: string; detail: string }[];
    assert.deepEqual(
      told.map(({ line }) => line),
      [...wrong.map((_, at) => at + 2), 14, 15, 16, 19],
    );
    told.slice(0, wrong.length).forEach(({ detail }, at) => assert.match(detail, mistakes[at]![2]));
    assert.deepEqual(
      told.slice(wrong.length).map(({ field }) => field),
      ['reward', 'state.1', 'record', 'id'],
    );
    assert.match(told[wrong.length]!.detail, /NaN/);
    assert.equal(await stored(), 2);
  });

  it('are the same in bulk however the bytes are cut', async () => {
    const lines = Array.from({ length: 50 }, (_, at) => JSON.stringify(sentExperience(`ü${at}`)));
    const bytes = new TextEncoder().encode(`${lines.join('\r\n')}\n`);
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let from = 0; from < bytes.length; from += 7) controller.enqueue(bytes.subarray(from, from + 7));
        controller.close();
      },
    });
    const answer = await opened.api.request(`${PATH}/bulk`, { method: 'POST', headers: NDJSON, body, duplex: 'half' });
    assert.deepEqual(await answer.json(), { stored: 50, known: 0, refused: 0 });
  });

  it('of a line or a body without end are refused, and what came before is kept', async () => {
    const long = `{"id":"${'x'.repeat(600_000)}"}`;
    const { status, body } = await bulk([sentExperience('a'), long, sentExperience('b')]);
    assert.deepEqual([status, body.stored, body.refused], [422, 2, 1]);
    const filler = `${' '.repeat(500_000)}\n`.repeat(135);
    assert.equal((await bulk([sentExperience('c'), filler, sentExperience('d')])).status, 413);
    assert.equal(await stored(), 2);
  });

  it('of a Ratchet model are taken whole or by their private state while it is live, and refused by its schema later', async () => {
    const { registry, policies } = opened;
    await registry.datasets.save(dataset());
    const install = async (
      key: string,
      seed: number,
      features: readonly string[],
      previous: string | null,
    ): Promise<{ name: string; schema: string }> => {
      const { bundle } = await storeModel(policies.artifacts, { seed, environment: { features } });
      const { schemaHash } = JSON.parse(Buffer.from(await policies.artifacts.get(bundle)).toString()) as { schemaHash: string };
      const { name } = await registry.versions.register(newVersion(key, { bundle }));
      const place = { instrument: 'ES', bucket: 'default', actor: 'ratchet', reason: 'test', decision: null };
      await registry.production.promote({ ...place, operationKey: key, version: name, expectedPrevious: previous });
      return { name, schema: schemaHash };
    };
    const first = await install('one', 1, ['return', 'range'], null);
    const vector = (length: number): number[] => Array.from({ length }, () => 0.5);
    const of = (id: string, schema: string, length: number) =>
      sentExperience(id, { schema_hash: schema, state: vector(length), next_state: vector(length) });
    assert.equal((await post(of('whole', first.schema, 3 * 2 + 4))).status, 200);
    assert.equal((await post(of('private', first.schema, 4))).status, 200);
    assert.match(String((await post(of('other', first.schema, 9))).body.detail), /^state has 9 numbers: expected 10 or 4/);
    await install('two', 2, ['return', 'range', 'rsi'], first.name);
    await runSql(
      registry.databaseUrl,
      `update production set live_until = now() - interval '4 years', live_since = now() - interval '5 years' where live_until is not null`,
    );
    await opened.close();
    opened = await testApi({ folder: folder(), registry });
    assert.match(String((await post(of('late', first.schema, 4))).body.detail), /^schema_hash .* is old or unknown/);
  });

  it('wait a moment when the registry cannot be reached, which is told', async () => {
    await runSql(opened.registry.databaseUrl, 'alter table experience rename to lost');
    for (const answer of [await post(sentExperience('a')), await bulk([sentExperience('a')])])
      assert.deepEqual([answer.status, answer.body.type], [503, 'urn:ratchet:not-stored']);
    const answer = await opened.api.request(PATH, {
      method: 'POST',
      body: JSON.stringify(sentExperience('a')),
      headers: { 'content-type': 'application/json' },
    });
    assert.equal(answer.headers.get('retry-after'), '5');
    await runSql(opened.registry.databaseUrl, 'alter table lost rename to experience');
    assert.equal((await post(sentExperience('a'))).status, 200);
  });

  it('are told to come later when more wait than may, and none of the acknowledged is missing', async () => {
    const answers = await Promise.all(Array.from({ length: 200 }, (_, at) => post(sentExperience(`s${at}`))));
    const count = (status: number): number => answers.filter((answer) => answer.status === status).length;
    assert.equal(count(200) + count(429), 200);
    assert.ok(count(429) > 0 && count(200) >= 20, `${count(429)} were put off`);
    assert.equal(await stored(), count(200));
  });

  it('are shown best first, worst first, counted, and explained by hand', async () => {
    const outcomes = [40, -10, 25, -70, 15, 0];
    await bulk(outcomes.map((pnl, at) => sentExperience(`t${at}`, { trade_outcome: { pnl, duration: 60, action: 'SELL' } })));
    await post(
      sentExperience('quiet', { trade_outcome: null, decision_time: '2026-03-01T15:30:00Z', data_as_of: null, model_version: null }),
    );
    const list = async (path: string): Promise<readonly Record<string, unknown>[]> =>
      (await opened.call('GET', `${PATH}/${path}`)).body as unknown as readonly Record<string, unknown>[];
    const best = await list('high-value?instrument=ES&n=3');
    assert.deepEqual(
      best.map(({ id }) => id),
      ['t0', 't2', 't4'],
    );
    assert.ok(Math.abs(Number(best[0]?.value) - 40 / Math.sqrt(1_490)) < 1e-9); // mean 0, sum of squares 7,450 over n - 1 = 5
    assert.deepEqual(
      (await list('failed?instrument=ES')).map(({ id }) => id),
      ['t3', 't1'],
    );
    const insight = { reasoning: 'sold into strength', lessons_learned: ['wait for the turn'] };
    assert.equal((await opened.call('PUT', `${PATH}/t3/insight`, insight)).status, 200);
    assert.equal((await opened.call('PUT', `${PATH}/nobody/insight`, insight)).status, 404);
    assert.equal((await opened.call('PUT', `${PATH}/t3/insight`, { reasoning: 'x' })).status, 422);
    const { body: explained } = await opened.call('GET', `${PATH}/t3`);
    assert.deepEqual([explained.reflection_insight, explained.annotated_by], [insight, 'local']);
    const { body: statistics } = await opened.call('GET', `${PATH}/stats?instrument=ES`);
    assert.deepEqual([statistics.total, statistics.stored, statistics.annotated, statistics.trades], [7, 7, 1, 6]);
    assert.deepEqual(statistics.buffer, { size: 1_000, filled: 7 });
    assert.deepEqual(statistics.per_day, [
      { name: '2026-03-02', experiences: 6 },
      { name: '2026-03-01', experiences: 1 },
    ]);
    assert.deepEqual(statistics.per_version, [{ name: 'v1_20260301_000000', experiences: 6 }]);
    assert.equal((await opened.call('GET', `${PATH}/stats?instrument=CL`)).status, 404);
    assert.equal((await opened.call('GET', `${PATH}/nobody`)).status, 404);
  });
});
