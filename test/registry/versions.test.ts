import assert from 'node:assert/strict';
import { NotRegistered, OperationKeyReused, StaleEpoch } from '../../src/registry/errors.js';
import type { Registry } from '../../src/registry/open-registry.js';
import { AmbiguousVersion } from '../../src/registry/resolve-version.js';
import { dataset, freshRegistry, newVersion, seedVersions, sha256, trainedTo } from '../support/registry/registry.js';

describe('the versions', () => {
  it('are numbered without gaps and named after number and time, when 20 register at once and 5 of them twice', async () => {
    const registry = await freshRegistry();
    await registry.datasets.save(dataset());
    const keys = Array.from({ length: 25 }, (_, i) => `key-${i % 20}`);
    await Promise.all(keys.map((key) => registry.versions.register(newVersion(key))));
    const versions = (await registry.versions.list('ES', 'default')).toReversed();
    assert.deepEqual(
      versions.map((version) => version.number),
      Array.from({ length: 20 }, (_, i) => i + 1),
    );
    for (const version of versions) {
      const stamp = version.registeredAt.slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '_');
      assert.equal(version.name, `v${version.number}_${stamp}`);
    }
  });

  it('count each instrument and bucket by itself', async () => {
    const registry = await freshRegistry();
    await registry.datasets.save(dataset());
    const numbers: number[] = [];
    for (const [instrument, bucket] of [
      ['ES', 'default'],
      ['ES', 'Scalping'],
      ['NQ', 'default'],
    ] as const)
      numbers.push((await registry.versions.register(newVersion(`${instrument}-${bucket}`, { instrument, bucket }))).number);
    assert.deepEqual(numbers, [1, 1, 1]);
  });

  it('register once per operation key, and refuse the key for another bundle', async () => {
    const registry = await freshRegistry();
    const [first] = await seedVersions(registry, 1);
    assert.deepEqual(await registry.versions.register(newVersion('key-1')), first);
    await assert.rejects(registry.versions.register(newVersion('key-1', { bundle: sha256('other') })), OperationKeyReused);
  });

  it('refuse an attempt that was replaced, and use up no number for it', async () => {
    const registry = await freshRegistry();
    await registry.datasets.save(dataset());
    const runId = 'train-ES-000001';
    await registry.runs.begin({ id: runId, instrument: 'ES', bucket: 'default', dataset: null, parent: null, seed: 1, config: {} });
    const old = await registry.runs.claimEpoch(runId);
    const newest = await registry.runs.claimEpoch(runId);
    await assert.rejects(registry.versions.register(newVersion('old', { run: runId, fence: { runId, epoch: old } })), StaleEpoch);
    const version = await registry.versions.register(newVersion('new', { run: runId, fence: { runId, epoch: newest } }));
    assert.equal(version.number, 1);
  });

  it('know the newest bar that they or any ancestor learned from', async () => {
    const registry = await freshRegistry();
    await registry.datasets.save(dataset());
    const root = await registry.versions.register(newVersion('root', { sources: [trainedTo('2026-06-01T00:00:00.000Z')] }));
    const child = await registry.versions.register(
      newVersion('child', { parent: root.name, sources: [trainedTo('2026-03-01T00:00:00.000Z')] }),
    );
    const grandchild = await registry.versions.register(
      newVersion('grandchild', { parent: child.name, sources: [trainedTo('2026-07-01T00:00:00.000Z')] }),
    );
    assert.deepEqual(
      [root, child, grandchild].map((version) => version.dataHorizon.slice(0, 10)),
      ['2026-06-01', '2026-06-01', '2026-07-01'],
    );
  });
});

describe('resolving a version', () => {
  let registry: Registry;
  let names: readonly string[];
  before(async () => {
    registry = await freshRegistry();
    names = (await seedVersions(registry, 3)).map((version) => version.name);
    const order = { instrument: 'ES', bucket: 'default', decision: null, actor: 'ratchet', reason: 'test' };
    for (const [i, expectedPrevious] of [null, names[0]!].entries())
      await registry.production.promote({ ...order, operationKey: `promote-${i}`, version: names[i]!, expectedPrevious });
  });

  const resolve = async (written: string): Promise<number> => (await registry.versions.resolve('ES', 'default', written)).number;

  it('understands its name, its number and the older forms', async () => {
    assert.equal(await resolve(names[2]!), 3);
    assert.equal(await resolve('v3'), 3);
    assert.equal(await resolve('continuous_learning_3'), 3);
  });

  it('takes the aliases of production and of the version before', async () => {
    for (const alias of ['production', 'champion', 'best_model', 'best_model_ES', 'best_model_ES_default', 'models/best_model.pt'])
      assert.equal(await resolve(alias), 2, alias);
    assert.equal(await resolve('previous'), 1);
  });

  it('accepts a bare time stamp unless several versions share it', async () => {
    const stamps = names.map((name) => name.slice(-15));
    const written = `v_${stamps[0]!}`;
    if (new Set(stamps).size === 3) assert.equal(await resolve(written), 1);
    else await assert.rejects(resolve(`v_${stamps.find((stamp, i) => stamps.indexOf(stamp) !== i)!}`), AmbiguousVersion);
  });

  it('says when there is none', async () => {
    await assert.rejects(resolve('v9'), NotRegistered);
    await assert.rejects(registry.versions.resolve('NQ', 'default', 'production'), NotRegistered);
  });
});
