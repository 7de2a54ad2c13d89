import assert from 'node:assert/strict';
import { readModelBundle } from '../../src/learning/export/model-bundle.js';
import { openNetwork } from '../../src/serving/open-network.js';
import type { Decision, DecisionRequest, FlatReason } from '../../src/serving/decision.js';
import type { PolicyServerOptions } from '../../src/serving/create-policy-server.js';
import { NOW, testPolicies, type TestPolicies } from '../support/services/policy-server.js';
import { marketRows } from '../support/market/market-rows.js';
import type { ServedModelOptions } from '../support/registry/served-model.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const HOUR = 3_600_000;
const SIZE = 3 * 4 + 4;
const observation = (seed: number): number[] => Array.from({ length: SIZE }, (_, i) => Math.sin(seed + 1.7 * i));

describe('the policy server', () => {
  const folder = temporaryFolder();
  let opened: TestPolicies[] = [];
  beforeEach(() => void (opened = []));
  afterEach(() => Promise.all(opened.map(({ server }) => server.close())));

  const open = async (more: Partial<PolicyServerOptions> = {}): Promise<TestPolicies> => {
    const policies = await testPolicies(folder(), more);
    opened.push(policies);
    return policies;
  };
  const serve = async (
    model: ServedModelOptions & { role?: 'baseline'; registeredAt?: string } = {},
    more: Partial<PolicyServerOptions> = {},
  ) => {
    const policies = await open(more);
    await policies.install('v1', model);
    await policies.server.refresh();
    return policies.server;
  };
  const flatReason = async (
    request: DecisionRequest,
    ...served: Parameters<typeof serve>
  ): Promise<readonly [FlatReason | null, boolean]> => {
    const { flatBecause, action } = await (await serve(...served)).decide('ES', 'default', request);
    return [flatBecause, action === 0];
  };

  it('decides by the greedy bins of both branches, and says with what confidence', async () => {
    const { artifacts, install, server } = await open();
    const { bundle } = await install('v1');
    await server.refresh();
    const read = readModelBundle(await artifacts.get(bundle));
    const network = await openNetwork(read, artifacts);
    for (let seed = 0; seed < 20; seed++) {
      const { price, quantity } = await network.answer(Float32Array.from(observation(seed)), 1);
      const best = (values: Float32Array): number => values.indexOf(Math.max(...values));
      const share = (values: Float32Array): number => 1 / values.reduce((sum, value) => sum + Math.exp(value - Math.max(...values)), 0);
      const made = await server.decide('ES', 'default', { observation: observation(seed) });
      assert.equal(made.branches.price.bin, best(price));
      assert.equal(made.branches.price.limitOffsetTicks, best(price) - 2);
      assert.equal(made.action, (best(quantity) - 2) / 2);
      assert.ok(Math.abs(made.confidence - share(price) * share(quantity)) < 1e-12);
      assert.deepEqual([made.version, made.unproven, made.flatBecause], ['v1', false, null]);
    }
    await network.release();
  });

  it('answers every one of many concurrent requests wholly by the one or the other version while they are swapped', async () => {
    const { server, install, setLive } = await open();
    const versions = [await install('v1', { seed: 1 }), await install('v2', { seed: 2 })] as const;
    const answers = new Map<string, string>();
    for (const live of versions) {
      setLive([live]);
      await server.refresh();
      for (let seed = 0; seed < 10; seed++)
        answers.set(`${live.version} ${seed}`, essence(await server.decide('ES', 'default', { observation: observation(seed) })));
    }
    assert.ok(new Set(answers.values()).size > 10, 'two versions that answer alike would prove nothing');
    let swapping = true;
    const seen = new Set<string>();
    const ask = async (): Promise<void> => {
      for (let seed = 0; swapping; seed = (seed + 1) % 10) {
        const made = await server.decide('ES', 'default', { observation: observation(seed) });
        assert.equal(essence(made), answers.get(`${made.version} ${seed}`));
        seen.add(made.version);
      }
    };
    const asking = Promise.all(Array.from({ length: 8 }, ask));
    for (let swap = 0; swap < 40; swap++) {
      setLive([versions[swap % 2 === 0 ? 0 : 1]]);
      await server.refresh();
    }
    swapping = false;
    await asking;
    assert.deepEqual([...seen].sort(), ['v1', 'v2']);
  });

  it('keeps the version before when the new one cannot be loaded, and says so', async () => {
    const { server, install, setLive, log } = await open();
    const good = await install('v1');
    await server.refresh();
    setLive([{ ...good, version: 'v2', bundle: 'f'.repeat(64) }]);
    await server.refresh();
    assert.equal((await server.decide('ES', 'default', { observation: observation(1) })).version, 'v1');
    assert.ok(log.some(({ level, message }) => level === 'error' && message === 'v2 of ES cannot be loaded; v1 goes on answering'));
  });

  it('goes back to the version before without reading or loading it again, and frees what production can not go back to', async () => {
    const former: string[] = [];
    const { server, install, setLive, artifacts } = await open({ standby: () => Promise.resolve(former) });
    const [first, second] = [await install('v1', { seed: 1 }), await install('v2', { seed: 2 })];
    former.push(first.bundle);
    await server.refresh();
    await until(() => server.loaded() === 2);
    for (const { bundle } of [first, second]) await artifacts.remove(bundle);
    setLive([first]);
    former.splice(0, 1, second.bundle);
    assert.deepEqual(await server.refresh(), []);
    assert.equal((await server.decide('ES', 'default', { observation: observation(1) })).version, 'v1');
    former.pop();
    await server.refresh();
    await until(() => server.loaded() === 1);
    setLive([second]);
    assert.deepEqual(await server.refresh(), [second]);
    assert.equal((await server.decide('ES', 'default', { observation: observation(1) })).version, 'v1');
  });

  it('stops answering what is no longer live', async () => {
    const { server, install, setLive } = await open();
    await install('v1');
    await server.refresh();
    setLive([]);
    await server.refresh();
    await assert.rejects(server.decide('ES', 'default', { observation: observation(1) }), { name: 'NothingServed' });
  });

  it('acts flat while unproven, unless it may serve unproven versions', async () => {
    const request = { observation: observation(3) };
    const unproven = await serve({ role: 'baseline' });
    const made = await unproven.decide('ES', 'default', request);
    assert.deepEqual([made.unproven, made.flatBecause, made.action], [true, 'unproven', 0]);
    assert.deepEqual([made.branches.quantity.bin, made.branches.price.limitOffsetTicks], [2, 2]);
    assert.equal((await flatReason(request, { role: 'baseline' }, { serveUnproven: true }))[0], null);
  });

  it('acts flat when the version is older than it may be, and not a millisecond before', async () => {
    const request = { observation: observation(3) };
    const registeredAt = new Date(NOW - HOUR).toISOString();
    assert.deepEqual(await flatReason(request, { registeredAt }, { expiresAfterMs: HOUR - 1 }), ['expired', true]);
    assert.equal((await flatReason(request, { registeredAt }, { expiresAfterMs: HOUR }))[0], null);
  });

  it('acts flat on bars that are too old, unless they are simulated', async () => {
    const bars = marketRows(3).slice(0, 2 * 390 + 100);
    const clock = { now: () => (bars.at(-1)?.closeTime ?? NaN) + 10 * 60_000 + 1 };
    assert.deepEqual(await flatReason({ bars }, {}, { clock, staleAfterBars: 10 }), ['stale', true]);
    assert.equal((await flatReason({ bars }, {}, { clock, staleAfterBars: 10.1 }))[0], null);
    assert.equal((await flatReason({ bars }, { simulated: true }, { clock, staleAfterBars: 10 }))[0], null);
  });

  it('acts flat at the close of the session, as training ends it', async () => {
    const rows = marketRows(3);
    assert.deepEqual(await flatReason({ bars: rows }), ['sessionEnd', true]);
    assert.equal((await flatReason({ bars: rows.slice(0, -1) }))[0], null);
  });

  it('acts flat when the session has lost more than the limit', async () => {
    const request = { observation: observation(3) };
    assert.equal((await flatReason({ ...request, sessionReturn: -0.05 }))[0], null);
    assert.deepEqual(await flatReason({ ...request, sessionReturn: -0.0501 }), ['lossLimit', true]);
  });

  it('acts flat while it is halted, also when the halt comes during a decision', async () => {
    const server = await serve();
    const asked = server.decide('ES', 'default', { observation: observation(3) });
    server.halt(true);
    assert.equal((await asked).flatBecause, 'halted');
    server.halt(false);
    assert.equal((await server.decide('ES', 'default', { observation: observation(3) })).flatBecause, null);
  });

  it('acts flat when its values are no numbers', async () => {
    assert.deepEqual(await flatReason({ observation: observation(3) }, { weight: NaN }), ['notFinite', true]);
  });

  it('says what was wrong with a request, which value, and what was expected', async () => {
    const server = await serve();
    const refused = (request: DecisionRequest, message: RegExp): Promise<void> =>
      assert.rejects(server.decide('ES', 'default', request), { name: 'UnanswerableRequest', message });
    const rows = marketRows(3);
    await refused({ bars: rows, observation: observation(1) }, /bars and an observation were sent/);
    await refused({}, /no bars of ES of 60 s, or shorter ones that join to them, are stored/);
    await refused(
      { observation: observation(1).slice(1) },
      /observation has 15 numbers: expected 16, which are 3 rows of return, range, rsi, timeOfDay/,
    );
    await refused({ observation: observation(1).with(2, Infinity) }, /observation\[2\] is Infinity: expected a finite number/);
    await refused(
      { bars: rows.slice(0, 20) },
      /needs \d+ bars of 1m within sessions \(\d+ for the features to settle, 3 to look back on\), has 20/,
    );
    await refused({ bars: rows.slice(785) }, /needs the whole session of each of the 3 bars looked back on/);
    await refused({ bars: rows.with(5, rows[4]!) }, /bars\[5\] closes at 2024-01-02T14:35:00.000Z, not after bars\[4\]/);
    await refused({ bars: rows.with(7, { ...rows[7]!, high: 1 }) }, /bars\[7\] is no bar: .*high 1,/);
    await refused({ bars: rows.filter((_, i) => i % 7 === 0) }, /420 s apart and the model decides on bars of 60 s/);
    await refused({ observation: observation(1), position: NaN }, /position is NaN/);
    await assert.rejects(server.decide('NQ', 'default', {}), {
      name: 'NothingServed',
      message: /no version is live for NQ in bucket default/,
    });
  });
});

/** What a decision says, without how long it took. */
const essence = (decision: Decision): string => JSON.stringify({ ...decision, latencyMs: 0 });
