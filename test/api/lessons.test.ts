import assert from 'node:assert/strict';
import { SITUATION_FEATURES, situationName } from '../../src/domain/experience/situation.js';
import { computeFeatures } from '../../src/market/features/compute-features.js';
import { experience } from '../support/experiences.js';
import { rowsOf, usEquityBars } from '../support/market/market-rows.js';
import { runSql } from '../support/services/postgres.js';
import { testApi, type Answer, type TestApi } from '../support/services/test-api.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const MINUTE = 60_000;

describe('lessons and nearest situations over HTTP', () => {
  const folder = temporaryFolder();
  const whole = usEquityBars(3);
  const rows = rowsOf(whole).map(({ closeTime, ...prices }) => ({ close_time: closeTime, ...prices }));
  const { values } = computeFeatures(whole, SITUATION_FEATURES);
  const width = SITUATION_FEATURES.length;
  const featuresAt = (bar: number): Float32Array => values.slice(bar * width, (bar + 1) * width);
  const name = situationName(MINUTE);
  /** The bar that is decided at, with others to come. */
  const NOW = 1_000;
  const asOf = new Date(whole.closeTime[NOW]!).toISOString();
  let opened: TestApi;

  beforeEach(async () => {
    opened = await testApi({ folder: folder() });
    await opened.policies.install('v1', { simulated: true });
    await opened.policies.server.refresh();
  });
  afterEach(() => opened.close());

  /** Stores a trade that was decided at a bar, in the situation of that bar or another. */
  const trade = async (id: string, bar: number, { minutes = 5, like = bar, pnl = 10, lessons = ['wait'] } = {}): Promise<void> => {
    const decisionTime = new Date(whole.closeTime[bar]!).toISOString();
    const tradeOutcome = { pnl, durationSeconds: 60 * minutes, action: 'BUY' as const };
    const insight = { reasoning: 'so', lessonsLearned: lessons };
    await opened.registry.experiences.write([experience(id, { decisionTime, dataAsOf: decisionTime, tradeOutcome, insight })]);
    await opened.registry.experiences.place(name, [{ id, features: featuresAt(like) }]);
  };
  const decide = (query: string, body: object = { bars: rows.slice(0, NOW + 1) }): Promise<Answer> =>
    opened.call('POST', `/api/v1/instruments/ES/decision${query}`, body);
  const idsOf = (situations: unknown): string[] => (situations as { id: string }[]).map(({ id }) => id);

  it('are shown beside a decision that asks for them: the nearest trades that were over at its bar, and none of later, however alike', async () => {
    await trade('alike', 700, { like: NOW, pnl: -3, lessons: ['wait', 'mind the gap'] });
    await trade('other', 600);
    await trade('another', 800);
    await trade('still open', NOW - 2, { like: NOW, minutes: 60 });
    await trade('of this bar', NOW, { like: NOW, minutes: 0 });
    await trade('of later', NOW + 30, { like: NOW });
    const { status, body } = await decide('?situations=5');
    assert.equal(status, 200, JSON.stringify(body));
    assert.equal(body.data_as_of, asOf);
    const [first, ...others] = body.situations as readonly Record<string, unknown>[];
    assert.deepEqual(first, {
      id: 'alike',
      decision_time: new Date(whole.closeTime[700]!).toISOString(),
      distance: 0,
      action: 'BUY',
      pnl: -3,
      duration: 300,
      model_version: 'v1_20260301_000000',
      lessons_learned: ['wait', 'mind the gap'],
    });
    assert.deepEqual(idsOf(others).sort(), ['another', 'other']);
    assert.deepEqual(idsOf((await decide('?situations=1')).body.situations), ['alike']);
    assert.ok(!('situations' in (await decide('')).body));
    assert.equal((await decide('?situations=5', { observation: Array.from({ length: 16 }, () => 0.1) })).body.situations, null);
    assert.equal((await decide('?situations=21')).status, 422);
  });

  it('are left away where the registry does not answer, and the decision is given all the same', async () => {
    await runSql(opened.registry.databaseUrl, 'alter table experience rename to lost');
    const { status, body } = await decide('?situations=5');
    assert.deepEqual([status, body.version, body.situations], [200, 'v1', null]);
  });

  it('are told of a stored trade by what was over when it was decided, and of an instrument by how often they were taught', async () => {
    await trade('first', 300, { pnl: 10 });
    await trade('second', 400, { pnl: -4, lessons: ['wait', 'mind the gap'] });
    await trade('third', 500, { pnl: 1, lessons: [] });
    await opened.registry.experiences.write([experience('held', { tradeOutcome: null })]);
    const nearest = (id: string): Promise<Answer> => opened.call('GET', `/api/v1/experiences/${id}/nearest`);
    assert.deepEqual(idsOf((await nearest('third')).body).sort(), ['first', 'second']);
    assert.deepEqual(idsOf((await nearest('second')).body), ['first']);
    assert.deepEqual((await nearest('first')).body, []);
    for (const [id, type] of [
      ['held', 'no-situation'],
      ['nobody', 'unknown-experience'],
    ] as const) {
      const { status, body } = await nearest(id);
      assert.deepEqual([status, body.type], [404, `urn:ratchet:${type}`]);
    }
    const newest = new Date(whole.closeTime[400]!).toISOString();
    assert.deepEqual((await opened.call('GET', '/api/v1/lessons?instrument=ES')).body, [
      { lesson: 'wait', trades: 2, won: 0.5, pnl: 3, newest },
      { lesson: 'mind the gap', trades: 1, won: 0, pnl: -4, newest },
    ]);
    assert.deepEqual((await opened.call('GET', '/api/v1/lessons?instrument=NQ')).body, []);
    assert.equal((await opened.call('GET', '/api/v1/lessons?instrument=CL')).status, 404);
  });
});
