import assert from 'node:assert/strict';
import { retainVersions } from '../../../src/activities/versions/retain-versions.js';
import { openFolderStore } from '../../../src/artifacts/folder-store.js';
import { ratchetConfig } from '../../../src/config/ratchet.js';
import { judge } from '../../../src/domain/gate/judge.js';
import type { ArtifactStore } from '../../../src/domain/ports.js';
import { NotRegistered } from '../../../src/registry/errors.js';
import type { Version } from '../../../src/registry/versions.js';
import { evidence, settings } from '../../support/evaluation/gate-evidence.js';
import { dataset, freshRegistry, newVersion } from '../../support/registry/registry.js';
import { storeModel } from '../../support/registry/served-model.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const place = { instrument: 'ES', bucket: 'default' };

describe('retainVersions', () => {
  const folder = temporaryFolder();

  /** Versions 1 to 12, the ninth with the model of the first; 1 to 5 were live one after the other, and 6 was held. */
  const history = async (retention: object = { maxModelVersions: 4 }, schemaGraceHours = 0) => {
    const registry = await freshRegistry();
    const artifacts: ArtifactStore = await openFolderStore(folder());
    await registry.datasets.save(dataset());
    const versions: Version[] = [];
    for (let seed = 1; seed <= 12; seed++) {
      const { bundle } = await storeModel(artifacts, { seed: seed === 9 ? 1 : seed });
      const parent = versions.at(-1)?.name ?? null;
      const { name: version } =
        versions[versions.push(await registry.versions.register(newVersion(`version ${seed}`, { bundle, parent }))) - 1]!;
      if (seed > 5) continue;
      const order = { ...place, operationKey: `live ${seed}`, expectedPrevious: parent, decision: null };
      await registry.production.promote({ ...order, version, actor: 'test', reason: 'test' });
    }
    const config = ratchetConfig.parse({ retention, experiences: { schemaGraceHours } });
    return { registry, artifacts, versions, retain: (nowMs = Date.now()) => retainVersions({ registry, artifacts, config }, nowMs) };
  };
  const names = (versions: readonly Version[], numbers: readonly number[]): string[] => numbers.map((number) => versions[number - 1]!.name);

  it('deletes the models of old versions, and never one that is live, was promoted lately, is new, or shares its files with one that is kept', async () => {
    const { registry, artifacts, versions, retain } = await history();
    assert.equal(await retain(), 5); // of 12 the newest 4 stay, and 3, 4, 5, which were promoted last
    const removed = (await registry.retention.removed()).map(({ name }) => name);
    assert.deepEqual(removed, names(versions, [1, 2, 6, 7, 8]));
    const present = await Promise.all(versions.map(({ bundle }) => artifacts.has(bundle)));
    assert.deepEqual(present, [true, false, true, true, true, false, false, false, true, true, true, true]);
    assert.equal(await retain(), 0);
    assert.equal((await registry.events.latest()).filter(({ kind }) => kind === 'modelDeleted').length, 5);
  });

  it('keeps what is pinned until it is not any more, which is told with who and why, and pins nothing that was deleted', async () => {
    const { registry, versions, retain } = await history();
    const order = { ...place, written: 'v2', by: 'Ada', reason: 'the winter model' };
    assert.equal((await registry.pins.pin(order)).name, versions[1]!.name);
    await registry.pins.pin({ ...order, reason: 'again' });
    assert.equal(await retain(), 4);
    const [first, second] = await registry.pins.keepingOf('ES', 'default', names(versions, [1, 2]));
    assert.match(first!.deletedBecause ?? '', /^4 newer versions are registered/);
    assert.deepEqual([second!.pinnedBy, second!.pinnedBecause, second!.deletedBecause], ['Ada', 'the winter model', null]);
    await assert.rejects(registry.pins.pin({ ...order, written: 'v1' }), NotRegistered);
    await registry.pins.unpin({ ...order, reason: 'spring' });
    await registry.pins.unpin(order);
    assert.equal(await retain(), 1);
    const told = (await registry.events.since(0)).filter(({ kind }) => /pinned/i.test(kind));
    assert.deepEqual(
      told.map(({ kind, actor, payload }) => [kind, actor, payload.version, payload.reason]),
      [
        ['versionPinned', 'Ada', versions[1]!.name, 'the winter model'],
        ['versionUnpinned', 'Ada', versions[1]!.name, 'spring'],
      ],
    );
  });

  it('keeps models in whose schema experiences are still told, and deletes by age and by size none that is needed', async () => {
    const graced = await history({ maxModelVersions: 1 }, 24);
    assert.equal(await graced.retain(), 6); // 1 to 5 were live within the day, and 12 is the newest
    const { registry, artifacts, versions, retain } = await history({ maxModelVersions: 100, maxModelAgeDays: 2, maxModelsMb: 1e-6 });
    assert.equal(await retain(Date.now() + 3 * 86_400_000), 9); // all but the last three promoted, one of which is live
    assert.deepEqual((await registry.retention.removed()).map(({ name }) => name), names(versions, [1, 2, 6, 7, 8, 9, 10, 11, 12])); // prettier-ignore
    assert.equal(await artifacts.has(versions[4]!.bundle), true);
    const small = await history({ maxModelVersions: 100, maxModelsMb: 1e-6 });
    assert.equal(await small.retain(), 9);
  });

  it('keeps the record and the lineage of every version, and lets nobody put a deleted one live', async () => {
    const { registry, versions, retain } = await history();
    await retain();
    assert.equal((await registry.versions.list('ES', 'default')).length, 12);
    assert.equal((await registry.versions.lineage('ES', 'default', versions[11]!.name)).length, 12);
    const order = { ...place, operationKey: 'x', expectedPrevious: versions[4]!.name, actor: 'test', reason: 'test', decision: null };
    await assert.rejects(registry.production.promote({ ...order, version: versions[1]!.name }), NotRegistered);
    await assert.rejects(registry.production.rollback({ ...order, to: versions[0]!.name }), NotRegistered);
    assert.equal((await registry.production.rollback({ ...order })).event.version, versions[3]!.name);
  });

  it('keeps a version that was held and waits for more evidence, and deletes what an interruption left', async () => {
    const { registry, artifacts, versions, retain } = await history();
    const held = judge(evidence({ candidate: { ...evidence().candidate, trades: 9 } }), settings());
    const made = { ...place, version: versions[5]!.name, run: null, decision: held, evidence: evidence() };
    await registry.decisions.record({ ...made, operationKey: 'held' });
    await registry.retention.remove({ ...place, name: versions[6]!.name }, 'noted, and then killed');
    await retain();
    assert.equal(await artifacts.has(versions[5]!.bundle), true);
    assert.equal(await artifacts.has(versions[6]!.bundle), false);
  });
});
