import assert from 'node:assert/strict';
import { createRunActivities } from '../../src/activities/training/runs.js';
import type { BarSeries } from '../../src/domain/market/bars.js';
import type { BegunRun, FrozenDataset } from '../../src/domain/training/run-steps.js';
import { decodeLivedDecisions } from '../../src/learning/replay/lived-decisions.js';
import { smallWorld, type SmallWorld } from '../support/evaluation/judged-candidate.js';
import { liveExperiences } from '../support/registry/lived-experiences.js';
import { putLive } from '../support/learning/trained-version.js';
import { newVersion, trainedTo } from '../support/registry/registry.js';
import { storeModel } from '../support/registry/served-model.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const place = { instrument: 'SIM', bucket: 'default' };
const environment = { frequency: '15m', lookback: 3, features: ['return', 'range', 'rsi', 'timeOfDay'], priceBins: 5, quantityBins: 5 };

describe('the experiences of a retrain', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  let world: SmallWorld;
  let dataset: FrozenDataset;
  let bundle: string;

  beforeEach(async () => {
    world = await smallWorld(folder());
    const { registry, artifacts } = world.dependencies;
    dataset = await world.freeze('train-SIM-000001');
    ({ bundle } = await storeModel(artifacts, { instrument: 'SIM', environment, simulated: true }));
    const sources = [trainedTo(dataset.from, { source: dataset.id })];
    const { name } = await registry.versions.register(newVersion('live', { ...place, bundle, dataset: dataset.id, sources }));
    await putLive(world, name);
  });

  const begin = (cycle = 1, more: object = {}): Promise<BegunRun> =>
    createRunActivities(world.dependencies).beginRun({ ...place, runId: `train-SIM-${String(cycle).padStart(6, '0')}`, cycle, reason: 'test', full: false, dataset, ...more }); // prettier-ignore
  const timesOf = async ({ experiences }: BegunRun): Promise<number[]> => {
    assert.ok(experiences !== undefined, 'nothing is replayed');
    return [...decodeLivedDecisions(await world.dependencies.artifacts.get(experiences.artifact)).decidedAt];
  };
  const trained = (bars: BarSeries): Float64Array => bars.closeTime.filter((time) => time < Date.parse(dataset.trainedTo));

  it('are all that were decided before the end of what is trained on, and none of what judges; the newest where there are more than the buffer holds', async () => {
    const bars = await liveExperiences(world, dataset, bundle, 2 * dataset.bars);
    const begun = await begin();
    const times = await timesOf(begun);
    const known = [...trained(bars)].flatMap((time) => [time, time]);
    assert.ok(known.length > 500 && known.length < 2 * bars.length);
    assert.deepEqual(times, known);
    assert.equal(begun.experiences?.count, known.length);
    assert.equal(begun.experiences.horizon, new Date(known.at(-1)! + 900_000).toISOString());
    assert.ok(begun.experiences.horizon <= dataset.trainedTo);
    assert.deepEqual((await begin()).experiences, begun.experiences, 'a repeat is the same set');
    world.dependencies.config.experiences.bufferSize = 520;
    assert.deepEqual(await timesOf(await begin(2)), known.slice(-520));
  });

  it('are none where there are too few, where training is from scratch, by a schema of others, or where that is not wanted', async () => {
    await liveExperiences(world, dataset, bundle, 400);
    assert.equal((await begin(1)).experiences, undefined);
    await liveExperiences(world, dataset, bundle, 2 * dataset.bars);
    assert.notEqual((await begin(2)).experiences, undefined);
    assert.equal((await begin(3, { full: true })).experiences, undefined);
    const { training } = world.dependencies.config;
    training.replay.newFraction = 0;
    assert.equal((await begin(4)).experiences, undefined);
    training.replay.newFraction = 0.5;
    training.environment.priceBins = 7;
    assert.equal((await begin(5)).experiences, undefined);
    training.environment.priceBins = 5;
    training.environment.cash = 50_000;
    assert.equal((await begin(6)).experiences, undefined);
  });

  it('are drawn more often the farther their outcome lies from the mean, and twice as often when they are explained', async () => {
    await liveExperiences(world, dataset, bundle, 2 * dataset.bars);
    const { experiences } = await begin();
    const { registry, artifacts } = world.dependencies;
    const { emphasis, decidedAt } = decodeLivedDecisions(await artifacts.get(experiences!.artifact));
    const [plain, explained, outcome] = [[], [], []] as [number[], number[], number[]];
    const stored = (await registry.experiences.newest('SIM', 10_000))
      .reverse()
      .filter(({ decisionTime }) => decisionTime < dataset.trainedTo);
    assert.equal(stored.length, decidedAt.length);
    stored.forEach(({ tradeOutcome, insight }, at) =>
      (insight !== null ? explained : tradeOutcome !== null ? outcome : plain).push(emphasis[at]!),
    );
    assert.deepEqual(new Set(plain), new Set([1]));
    assert.ok(outcome.every((one) => one > 1 && one <= 4) && new Set(outcome).size > 50);
    assert.ok(explained.every((one) => one > 2 && one <= 8));
  });
});
