import assert from 'node:assert/strict';
import { regimeBucket } from '../../src/domain/agent/bucket.js';
import { marketRegimes, type MarketRegime } from '../../src/domain/market/market-regime.js';
import type { RecentMarket } from '../../src/serving/decision.js';
import { createReadMarket } from '../../src/workers/api/read-market.js';
import { shippedCalendar } from '../support/market/calendars.js';
import { testInstrument } from '../support/market/instruments.js';
import { marketRows } from '../support/market/market-rows.js';
import { testPolicies, type TestPolicies } from '../support/services/policy-server.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const named = (name: string): string[] => (name === 'Scalping' ? marketRegimes.map((regime) => regimeBucket(name, regime)) : [name]);

describe('the policy server, of a bucket with a model for each regime', () => {
  const folder = temporaryFolder();
  let market: RecentMarket;
  let opened: TestPolicies[] = [];
  before(async () => {
    const calendar = await shippedCalendar('us-equity');
    const read = createReadMarket({ ids: ['ES'], instrument: (id) => testInstrument({ id }), calendarOf: () => calendar });
    market = read('ES', 60_000, marketRows(3).slice(0, -30));
  });
  beforeEach(() => void (opened = []));
  afterEach(() => Promise.all(opened.map(({ server }) => server.close())));

  /** Serves a model for each of the regimes, in a session of `now`. */
  const serve = async (
    regimes: readonly MarketRegime[],
    now: MarketRegime | null,
    storedMarket = () => Promise.resolve({ ...market, regime: now }),
  ) => {
    const policies = await testPolicies(folder(), { bucketsNamed: named, storedMarket });
    opened.push(policies);
    const live = [];
    for (const [seed, regime] of regimes.entries())
      live.push({
        ...(await policies.install(`v-${regime}`, { seed: seed + 11, environment: { regime } })),
        bucket: regimeBucket('Scalping', regime),
      });
    policies.setLive(live);
    await policies.server.refresh();
    return { ...policies, decide: (bucket: string, request = {}) => policies.server.decide('ES', bucket, request) };
  };

  for (const regime of marketRegimes)
    it(`answers by the model of ${regime} sessions in one of these, and says which and why`, async () => {
      const { decide } = await serve(marketRegimes, regime);
      const { latencyMs, ...made } = await decide('Scalping');
      const { latencyMs: alone, ...own } = await decide(regimeBucket('Scalping', regime));
      assert.ok(latencyMs >= 0 && alone >= 0);
      assert.deepEqual(made, own);
      assert.deepEqual([made.bucket, made.version, made.regime, made.flatBecause], [regimeBucket('Scalping', regime), `v-${regime}`, regime, null]); // prettier-ignore
    });

  it('is flat, and says why, where the session has a regime that no model is live for, or none of the one that is asked', async () => {
    const { decide } = await serve(['calm', 'trending'], 'stressed');
    for (const bucket of ['Scalping', 'ScalpingCalm', 'ScalpingTrending']) {
      const { action, flatBecause, regime } = await decide(bucket);
      assert.deepEqual([action, flatBecause, regime], [0, 'otherRegime', 'stressed'], bucket);
    }
    await assert.rejects(decide('ScalpingStressed'), { name: 'NothingServed' });
    const { decide: none } = await serve([], 'calm');
    await assert.rejects(none('Scalping'), { name: 'NothingServed' });
  });

  it('refuses to answer where the regime cannot be told, and says what that takes', async () => {
    const { decide } = await serve(['calm'], null);
    for (const bucket of ['Scalping', 'ScalpingCalm'])
      await assert.rejects(decide(bucket), {
        name: 'UnanswerableRequest',
        message:
          /^the regime of the session cannot be told from the stored bars of 60 s: needs the 11 sessions before it, and 120 bars.*; ingest more history/,
      });
    await assert.rejects(decide('Scalping', { bars: marketRows(3) }), { message: /from the 1170 bars sent: needs .*; send more history$/ });
  });

  it('takes a state vector for the model that is named alone', async () => {
    const { decide } = await serve(marketRegimes, 'calm');
    const observation = Array.from({ length: 16 }, (_, i) => Math.sin(i));
    const { version, regime, flatBecause } = await decide('ScalpingStressed', { observation });
    assert.deepEqual([version, regime, flatBecause], ['v-stressed', null, null]);
    await assert.rejects(decide('Scalping', { observation }), {
      name: 'UnanswerableRequest',
      message:
        /an observation does not tell the market's regime, and Scalping has a model for each: send bars, or ask one of ScalpingCalm,/,
    });
  });

  it('answers with the model that was live when it was asked, whatever becomes of that meanwhile', async () => {
    let read: (market: RecentMarket) => void = () => undefined;
    const pending = new Promise<RecentMarket>((resolve) => (read = resolve));
    const { decide, server, setLive } = await serve(marketRegimes, null, () => pending);
    const asked = decide('Scalping');
    setLive([]);
    await server.refresh();
    read({ ...market, regime: 'stressed' });
    assert.equal((await asked).version, 'v-stressed');
  });

  it('reads the bars once, whichever of the models answers', async () => {
    let reads = 0;
    const { decide } = await serve(marketRegimes, null, () => Promise.resolve({ ...market, regime: reads++ === 0 ? 'stressed' : 'calm' }));
    assert.deepEqual([(await decide('Scalping')).version, reads], ['v-stressed', 1]);
  });

  it('answers by what the bucket had before it had regimes, until a model of one of these is live', async () => {
    const storedMarket = () => Promise.resolve({ ...market, regime: 'calm' as const });
    const policies = await testPolicies(folder(), { bucketsNamed: named, storedMarket });
    opened.push(policies);
    const { server, setLive } = policies;
    const before = { ...(await policies.install('v-before')), bucket: 'Scalping' };
    setLive([before]);
    await server.refresh();
    const { version, flatBecause, ...made } = await server.decide('ES', 'Scalping', {});
    assert.deepEqual([version, flatBecause, 'regime' in made], ['v-before', null, false]);
    const observation = Array.from({ length: 16 }, (_, i) => Math.sin(i));
    assert.equal((await server.decide('ES', 'Scalping', { observation })).version, 'v-before');
    const calm = { ...(await policies.install('v-calm', { seed: 12, environment: { regime: 'calm' } })), bucket: 'ScalpingCalm' };
    setLive([before, calm]);
    await server.refresh();
    assert.equal((await server.decide('ES', 'Scalping', {})).version, 'v-calm');
  });

  it('holds a model from before its bucket had a regime to that', async () => {
    for (const [now, expected] of [
      ['calm', null],
      ['stressed', 'otherRegime'],
    ] as const) {
      const storedMarket = () => Promise.resolve({ ...market, regime: now });
      const regimeOf = (bucket: string) => (bucket === 'ScalpingCalm' ? 'calm' : undefined);
      const policies = await testPolicies(folder(), { bucketsNamed: named, storedMarket, regimeOf });
      opened.push(policies);
      policies.setLive([{ ...(await policies.install('v1')), bucket: 'ScalpingCalm' }]);
      await policies.server.refresh();
      for (const bucket of ['ScalpingCalm', 'Scalping']) {
        const { flatBecause, regime } = await policies.server.decide('ES', bucket, {});
        assert.deepEqual([flatBecause, regime], [expected, now]);
      }
    }
  });

  it('says nothing of regimes where the model knows none', async () => {
    const policies = await testPolicies(folder(), { storedMarket: () => Promise.resolve({ ...market, regime: null }) });
    opened.push(policies);
    await policies.install('v1');
    await policies.server.refresh();
    const made = await policies.server.decide('ES', 'default', {});
    assert.deepEqual([made.flatBecause, 'regime' in made], [null, false]);
  });
});
