import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRunActivities } from '../../../src/activities/training/runs.js';
import { ingestReported } from '../../../src/activities/market/ingest-reported.js';
import { freezeShared } from '../../../src/activities/training/share-bars.js';
import { reproduceVersion } from '../../../src/activities/reproduce/reproduce-version.js';
import { sessionStarts, type BarSeries } from '../../../src/domain/market/bars.js';
import { runCard } from '../../../src/domain/training/run-card.js';
import type { FrozenDataset } from '../../../src/domain/training/run-steps.js';
import { newTrainingRun } from '../../../src/domain/training/training-run.js';
import { sliceBars } from '../../../src/evaluation/leakage/slice-bars.js';
import { readModelBundle } from '../../../src/learning/export/model-bundle.js';
import { decodeLivedDecisions } from '../../../src/learning/replay/lived-decisions.js';
import { readDataset } from '../../../src/market/bar-store.js';
import { writeExports } from '../../../src/market/simulation/write-exports.js';
import { finishedFile, smallWorld, type SmallWorld } from '../../support/evaluation/judged-candidate.js';
import { putLive, tinyTraining, trainedVersion } from '../../support/learning/trained-version.js';
import { liveExperiences } from '../../support/registry/lived-experiences.js';
import { newVersion, trainedTo } from '../../support/registry/registry.js';
import { storeModel } from '../../support/registry/served-model.js';
import { testSimulation } from '../../support/market/simulation.js';

const twin = { id: 'TWIN', tickSize: 0.25, multiplier: 0.2, lotSize: 1, feeRate: 0, feePerUnit: 0.03, calendar: 'us-equity', stamp: 'close', simulated: true }; // prettier-ignore
const barless = { ...twin, id: 'NOBARS' };
const late = { ...twin, id: 'LATE' };
/** Half of its prices lie between two ticks. */
const bad = { ...twin, id: 'BAD', tickSize: 0.5 };

describe('the bars that other instruments share', function () {
  this.timeout(120_000);
  let folder: string;
  let world: SmallWorld;
  let bars: BarSeries;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ratchet-shared-'));
    world = await smallWorld(folder, {
      training: { ...tinyTraining, trainSteps: 600, chunkSteps: 600 },
      more: { instruments: [twin, barless, late, bad] },
    });
    ({ bars } = await testSimulation({ edge: 2, sessions: 24, seed: 2, decisionMinutes: 15 }));
    await ingest(bars, 'TWIN');
    await ingest(bars, 'BAD');
    await ingest(sliceBars(bars, sessionStarts(bars)[18]!, bars.length), 'LATE');
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const ingest = async (of: BarSeries, id: string): Promise<void> => {
    const { dependencies } = world;
    for (const path of await writeExports({ ...of, instrument: id }, join(folder, 'exports')))
      assert.equal(await ingestReported(dependencies, dependencies.markets.instrument(id), await finishedFile(path)), null);
  };
  const freezeWith = async (cycle: number, others: string[]): Promise<FrozenDataset> => {
    world.dependencies.config.sharedWith = { SIM: others };
    return world.freeze(`train-SIM-00000${cycle}`);
  };
  const barsOf = async ({ artifact }: { readonly artifact: string }): Promise<BarSeries> =>
    readDataset(await world.dependencies.artifacts.file(artifact));

  it('are none unless they are named', async () => {
    world.dependencies.config.sharedWith = { TWIN: ['SIM'] };
    const { shared, leftOut } = await world.freeze('train-SIM-000001');
    assert.deepEqual([shared, leftOut], [undefined, undefined]);
  });

  it('are those of whole sessions that ended by the end of what is trained on, whatever came later', async () => {
    const dataset = await freezeWith(1, ['TWIN']);
    const [shared] = dataset.shared ?? [];
    assert.deepEqual([shared?.instrument, shared?.to, dataset.leftOut], ['TWIN', dataset.trainedTo, undefined]);
    const [own, others] = [await barsOf(dataset), await barsOf(shared!)];
    assert.deepEqual(others.closeTime, own.closeTime.slice(0, dataset.training.to));
    const until = bars.closeTime.findLastIndex((close) => close <= Date.parse(dataset.trainedTo)) + 1;
    const changed = { ...bars, volume: bars.volume.map((volume, bar) => (bar < until ? volume : volume + 7)) };
    await ingest(changed, 'TWIN');
    assert.deepEqual((await freezeWith(1, ['TWIN'])).shared, dataset.shared);
    await ingest({ ...bars, volume: bars.volume.map((volume, bar) => (bar === until - 1 ? volume + 7 : volume)) }, 'TWIN');
    assert.notEqual((await freezeWith(1, ['TWIN'])).shared?.[0]?.id, shared?.id);
  });

  it('are left out, which the card says with the reason, where there are none or they are bad', async () => {
    const dataset = await freezeWith(1, ['NOBARS', 'TWIN', 'BAD', 'LATE']);
    assert.deepEqual(dataset.shared?.map(({ instrument }) => instrument), ['TWIN']); // prettier-ignore
    assert.deepEqual(dataset.leftOut?.map(({ instrument }) => instrument), ['NOBARS', 'BAD', 'LATE']); // prettier-ignore
    assert.equal(dataset.leftOut[0]?.reason, 'NOBARS has no bars: 0 files ingested');
    assert.match(dataset.leftOut[1]?.reason ?? '', /^data quality 0\.\d{4} is below 0\.95$/);
    assert.match(
      dataset.leftOut[2]?.reason ?? '',
      /^none of its sessions until 2022-.* can be traded with a whole observation: it has 0 bars until then$/,
    );
    const asked = { runId: 'train-SIM-000001', instrument: 'SIM', bucket: 'default', cycle: 1, reason: 'test', full: false, asked: true, files: [], lists: [] }; // prettier-ignore
    const card = runCard({ ...newTrainingRun(asked), dataset });
    assert.match(card, /\| shared \| \d+ bars of TWIN in \d+ sessions, until 20/);
    assert.match(card, /\| not shared \| NOBARS: NOBARS has no bars: 0 files ingested \|/);
    assert.ok(!runCard({ ...newTrainingRun(asked), dataset: { ...dataset, shared: [], leftOut: [] } }).includes('shared'));
  });

  it('are left out where their files cannot be read or none has the regime, and waited for where the registry does not answer', async () => {
    const { dependencies } = world;
    const { trainedTo } = await freezeWith(1, ['LATE']);
    const { environment } = dependencies.config.training;
    const asked = { training: { environment: { ...environment, regime: 'stressed' as const } }, frequency: '15m', trainedTo };
    const { leftOut } = await freezeShared(dependencies, 'SIM', asked);
    assert.match(leftOut?.[0]?.reason ?? '', /^none of its sessions until 2022-.* is stressed and can be traded with a whole observation/);
    const unread = await freezeShared({ ...dependencies, folders: { ...dependencies.folders, bars: join(folder, 'lost') } }, 'SIM', asked);
    assert.match(unread.leftOut?.[0]?.reason ?? '', /lost/);
    const ofInstrument = () => Promise.reject(new Error('the connection ended'));
    const registry = { ...dependencies.registry, files: { ...dependencies.registry.files, ofInstrument } };
    await assert.rejects(freezeShared({ ...dependencies, registry }, 'SIM', asked), /the connection ended/);
  });

  it('bring with them what was lived in them, by the rules for the own experiences', async () => {
    const { registry, artifacts } = world.dependencies;
    const dataset = await freezeWith(3, ['NOBARS', 'TWIN']);
    for (const of of [{ ...dataset, shared: undefined }, dataset.shared![0]!]) {
      const { bundle } = await storeModel(artifacts, { instrument: of.instrument, environment: world.dependencies.config.training.environment, simulated: true }); // prettier-ignore
      const sources = [trainedTo(dataset.from, { source: of.id })];
      const place = { instrument: of.instrument, bucket: 'default', dataset: of.id };
      const { name } = await registry.versions.register(newVersion(`live ${of.instrument}`, { ...place, bundle, sources }));
      await putLive(world, name, 'default', of.instrument);
      await liveExperiences(world, of, bundle, of.instrument === 'SIM' ? of.bars : 200);
    }
    const begin = async (cycle: number): Promise<Uint8Array | undefined> => {
      const request = { instrument: 'SIM', bucket: 'default', runId: `train-SIM-00000${cycle}`, cycle, reason: 'test', full: false, dataset }; // prettier-ignore
      const { experiences } = await createRunActivities(world.dependencies).beginRun(request);
      assert.ok(experiences !== undefined && experiences.horizon <= dataset.trainedTo);
      return decodeLivedDecisions(await artifacts.get(experiences.artifact)).market;
    };
    const count = dataset.training.to - 1;
    world.dependencies.config.autoRetrain.minExperiences = 201;
    assert.equal(await begin(3), undefined, 'too few of the other');
    world.dependencies.config.autoRetrain.minExperiences = 200;
    assert.deepEqual(
      await begin(4),
      Uint8Array.from({ length: count + 200 }, (_, i) => (i < count ? 0 : 1)),
    );
  });

  it('are in the bundle and the lineage of the version that learned from them, which trains again to the same bits with what was lived in them', async () => {
    const { registry, artifacts } = world.dependencies;
    const dataset = await freezeWith(2, ['TWIN']);
    const { version: name } = await trainedVersion(world, dataset, 2);
    const version = await registry.versions.get('SIM', 'default', name);
    const [shared] = dataset.shared!;
    assert.deepEqual(readModelBundle(await artifacts.get(version!.bundle)).shared, [{ instrument: 'TWIN', dataset: shared!.id }]);
    const started = (await registry.events.latest()).find(({ kind }) => kind === 'trainingStarted');
    assert.deepEqual(started?.payload.shared, [{ instrument: 'TWIN', dataset: shared!.id }]);
    const learned = await registry.versions.lineage('SIM', 'default', name);
    const reachMs = dataset.purgeBars * dataset.frequencyMs;
    assert.deepEqual(
      learned.filter(({ source }) => source === shared!.id).map(({ kind, horizon, reachMs: reach }) => [kind, horizon, reach]),
      [['dataset', shared!.to, reachMs]],
    );
    assert.equal(learned.filter(({ kind, through }) => kind === 'replay' && through.length === 1).length, 1);
    const reproduce = () => reproduceVersion(version!, { registry, artifacts, folder: join(folder, 'clean') });
    const { outcome, compared, notes } = await reproduce();
    assert.deepEqual([outcome, notes, compared.length], ['reproduced', [], 5]);
    await artifacts.remove(shared!.artifact);
    assert.match(
      (await reproduce()).notes.join(),
      /^the bars of TWIN that it was trained on were deleted: artifact [0-9a-f]{64} is not there$/,
    );
  });
});
