import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reproduceVersion, type Reproduction } from '../../src/activities/reproduce/reproduce-version.js';
import { rebuildJob, recipeOf } from '../../src/activities/reproduce/rebuild-job.js';
import { settingsHash } from '../../src/activities/trainer/settings-hash.js';
import { checkWindow } from '../../src/domain/lineage/check-window.js';
import { readModelBundle } from '../../src/learning/export/model-bundle.js';
import type { Version } from '../../src/registry/versions.js';
import { smallWorld, type SmallWorld } from '../support/evaluation/judged-candidate.js';
import { runSql } from '../support/services/postgres.js';
import { liveExperiences } from '../support/registry/lived-experiences.js';
import { putLive, tinyTraining, trainedVersion } from '../support/learning/trained-version.js';

describe('reproduceVersion', function () {
  this.timeout(120_000);
  let folder: string;
  let world: SmallWorld;
  /** Newest first: trained from the first, and from scratch. */
  let versions: readonly Version[];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ratchet-reproduce-'));
    world = await smallWorld(folder, { training: tinyTraining });
    const dataset = await world.freeze('train-SIM-000001');
    const first = await trainedVersion(world, dataset, 1);
    await putLive(world, first.version);
    const live = await world.dependencies.registry.versions.get('SIM', 'default', first.version);
    await liveExperiences(world, dataset, live!.bundle, 2 * dataset.bars);
    await trainedVersion(world, dataset, 2);
    versions = await world.dependencies.registry.versions.list('SIM', 'default');
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const reproduce = (version: Version): Promise<Reproduction> => {
    const { registry, artifacts } = world.dependencies;
    return reproduceVersion(version, { registry, artifacts, folder: join(folder, 'clean') });
  };
  const sql = (text: string) => runSql(world.dependencies.registry.databaseUrl, text);

  it('gives the same bits for every version that a run registered, weights, optimizer, network and returns', async () => {
    assert.equal(versions.length, 2);
    assert.equal(versions[0]!.parent, versions[1]!.name);
    for (const version of versions) {
      const { outcome, compared, notes } = await reproduce(version);
      assert.deepEqual([outcome, notes], ['reproduced', []]);
      assert.deepEqual(
        compared.map(({ what }) => what),
        ['weights', 'learner', 'network', 'bundle', 'returns'],
      );
    }
    assert.deepEqual(await readdir(join(folder, 'clean')), []);
  });

  it('replays the experiences of a retrain, which are in its lineage with how far they reach, where the guard counts them', async () => {
    const { registry, artifacts } = world.dependencies;
    const lineage = await registry.versions.lineage('SIM', 'default', versions[0]!.name);
    const replayed = lineage.filter(({ kind }) => kind === 'replay');
    assert.equal(replayed.length, 1);
    const { source, horizon } = replayed[0]!;
    assert.ok(await artifacts.has(source));
    const verdict = checkWindow({ from: horizon, reachMs: 0 }, replayed);
    assert.ok(!verdict.clean);
    assert.match(verdict.reason, /^a window from .* is not clean: replay [0-9a-f]{12} of SIM\/default\/v2_/);
    const job = await rebuildJob(await recipeOf(registry, versions[0]!), artifacts, folder);
    assert.equal(job.experiences, source);
    const { experiences, ...without } = job;
    assert.notEqual(experiences, undefined);
    const { config } = await recipeOf(registry, versions[0]!);
    const hash = (of: typeof without): string => settingsHash({ ...of, training: config.training });
    assert.notEqual(hash(job), hash(without), 'a checkpoint of the one is not the other’s');
  });

  it('says what differs, and that the code was another, when the record of the run is not what trained it', async () => {
    const [version] = versions;
    const before = await sql(`select config, made_with from run where id = '${version!.run}'`);
    await sql(
      `update run set config = jsonb_set(config, '{training,seed}', '43'), made_with = jsonb_set(made_with, '{code}', '"other"') where id = '${version!.run}'`,
    );
    const { outcome, compared, notes } = await reproduce(version!);
    assert.equal(outcome, 'differs');
    assert.ok(compared.every(({ recorded, rebuilt }) => recorded !== rebuilt));
    assert.match(notes.join(), /^code was other and is [0-9a-f]{12}: that may be why it differs$/);
    const [{ config, made_with: madeWith }] = before as [{ config: unknown; made_with: unknown }];
    await sql(
      `update run set config = '${JSON.stringify(config)}', made_with = '${JSON.stringify(madeWith)}' where id = '${version!.run}'`,
    );
  });

  it('says why it cannot when what it was made from was deleted', async () => {
    const { artifacts, registry } = world.dependencies;
    const [child, first] = versions;
    const { experiences } = await recipeOf(registry, child!);
    const lived = await artifacts.get(experiences!);
    await artifacts.remove(experiences!);
    assert.match(
      (await reproduce(child!)).notes.join(),
      /^the experiences that it replayed were deleted: artifact [0-9a-f]{64} is not there$/,
    );
    await artifacts.put(lived);
    const parent = readModelBundle(await artifacts.get(first!.bundle));
    await artifacts.remove(parent.weights);
    const orphan = await reproduce(child!);
    assert.deepEqual([orphan.outcome, orphan.compared], ['impossible', []]);
    assert.match(orphan.notes.join(), /^the weights of the version that it started from were deleted: artifact [0-9a-f]{64} is not there$/);
    const dataset = await registry.datasets.get(child!.dataset);
    await artifacts.remove(dataset!.artifact);
    assert.match((await reproduce(first!)).notes.join(), /^the bars that it was trained on were deleted/);
  });
});
