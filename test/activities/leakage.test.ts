import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createDatasetActivities } from '../../src/activities/training/datasets.js';
import { readMarkets, type ActivityDependencies } from '../../src/activities/dependencies.js';
import { createEvaluationActivities } from '../../src/activities/evaluation/evaluation.js';
import { createRunActivities } from '../../src/activities/training/runs.js';
import { openFolderStore } from '../../src/artifacts/folder-store.js';
import { ratchetConfig } from '../../src/config/ratchet.js';
import { sessionStarts, type BarSeries } from '../../src/domain/market/bars.js';
import type { DataFile } from '../../src/domain/learner/data-file.js';
import type { BegunRun, EvaluateRequest, FreezeResult, FrozenDataset } from '../../src/domain/training/run-steps.js';
import { fitNormaliser } from '../../src/learning/observation.js';
import { readDataset } from '../../src/market/bar-store.js';
import { computeFeatures } from '../../src/market/features/compute-features.js';
import { recordingLogger } from '../support/recording-logger.js';
import { writeExports } from '../../src/market/simulation/write-exports.js';
import { dataset, freshRegistry, newVersion, sha256, trainedTo } from '../support/registry/registry.js';
import { storeModel, type ServedModel } from '../support/registry/served-model.js';
import { testSimulation } from '../support/market/simulation.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const environment = { frequency: '15m', lookback: 3, features: ['return', 'range', 'rsi', 'timeOfDay'], priceBins: 5, quantityBins: 5 };
/** Of 24 sessions the newest five are held out, and four can prove something. */
const config = ratchetConfig.parse({
  training: { environment, hindsight: { horizon: 5 } },
  evaluation: { evaluationFraction: 0.2, evaluationEpisodes: 4, bootstrapReplicates: 200 },
});
const runId = 'train-SIM-000002';
const place = { instrument: 'SIM', bucket: 'default' };

describe('a training after production has learned from what it would be judged on', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  let minutes: BarSeries;
  let dependencies: ActivityDependencies;
  let files: readonly DataFile[];
  let bars: BarSeries;
  /** First bars of the sessions. */
  let starts: Int32Array;

  before(async () => void ({ bars: minutes } = await testSimulation({ edge: 2, sessions: 24, decisionMinutes: 15 })));

  beforeEach(async () => {
    const exports = join(folder(), 'exports');
    const at = (name: string): string => join(folder(), name);
    await mkdir(at('bars'));
    dependencies = {
      registry: await freshRegistry(),
      artifacts: await openFolderStore(at('artifacts')),
      config,
      markets: await readMarkets([]),
      folders: { watched: exports, bars: at('bars'), checkpoints: at('checkpoints'), artifacts: at('artifacts'), temporary: at('cache') },
      logger: recordingLogger(),
    };
    files = await Promise.all((await writeExports(minutes, exports)).map(finishedFile));
    const frozen = await freeze();
    assert.ok(frozen.kind === 'frozen');
    bars = await readDataset(await dependencies.artifacts.file(frozen.dataset.artifact));
    starts = sessionStarts(bars);
    assert.equal(heldSessions(frozen.dataset), 5);
  });

  const freeze = (): Promise<FreezeResult> =>
    run((request) => createDatasetActivities(dependencies).freezeDataset(request), { ...place, runId, asked: true, files, lists: [] });
  const begin = (frozen: FrozenDataset, full = false): Promise<BegunRun> =>
    createRunActivities(dependencies).beginRun({ ...place, runId, cycle: 2, reason: 'test', full, dataset: frozen });
  const heldSessions = ({ evaluation }: FrozenDataset): number =>
    starts.filter((start) => start >= evaluation.from && start < bars.length).length;
  const endOfSession = (back: number): string => new Date(bars.closeTime[starts[starts.length - 1 - back]! - 1]!).toISOString();

  /** Puts a version into production that learned up to the end of all sessions but the newest `back`; so did its parent, or up to `parentBack`. */
  const produce = async (back: number, { parentBack = back, bundle = sha256('bundle') } = {}): Promise<string> => {
    const { versions, production, datasets } = dependencies.registry;
    await datasets.save(dataset());
    const parent = await versions.register(newVersion('parent', { ...place, sources: [trainedTo(endOfSession(parentBack))] }));
    const added = newVersion('live', { ...place, bundle, parent: parent.name, sources: [trainedTo(endOfSession(back))] });
    const { name } = await versions.register(added);
    const order = {
      ...place,
      operationKey: 'promote',
      version: name,
      decision: null,
      expectedPrevious: null,
      actor: 'test',
      reason: 'test',
    };
    await production.promote(order);
    return name;
  };
  const frozenAfter = async (back: number, parentBack = back): Promise<{ live: string; frozen: FrozenDataset }> => {
    const live = await produce(back, { parentBack });
    const result = await freeze();
    assert.ok(result.kind === 'frozen', JSON.stringify(result));
    return { live, frozen: result.dataset };
  };

  it('starts from production as ever when the held-out sessions are clean', async () => {
    const { live, frozen } = await frozenAfter(6);
    assert.equal(heldSessions(frozen), 5);
    const begun = await begin(frozen);
    assert.equal(begun.parent?.version, live);
    assert.equal(begun.parentRefused, undefined);
  });

  it('holds out only the sessions that production has not seen, and still starts from it, when they are enough', async () => {
    const { live, frozen } = await frozenAfter(4);
    assert.equal(heldSessions(frozen), 4);
    assert.ok(frozen.judgedFrom > endOfSession(4));
    assert.equal((await begin(frozen)).parent?.version, live);
  });

  it('starts from scratch, saying why to the run, the registry and the log, when too few are clean', async () => {
    const { frozen } = await frozenAfter(2);
    assert.equal(heldSessions(frozen), 5);
    const begun = await begin(frozen);
    assert.equal(begun.parent, null);
    assert.match(begun.parentRefused ?? '', /^a window from .* is not clean: dataset .* was learned from up to /);
    assert.ok(begun.parentRefused?.includes(endOfSession(2)));
    assert.equal((await dependencies.registry.runs.get(runId))?.parent, null);
    const [event] = (await dependencies.registry.events.latest()).filter(({ kind }) => kind === 'trainingStarted');
    assert.equal(event?.payload.parentRefused, begun.parentRefused);
  });

  it("counts what production's parent has seen as seen by production", async () => {
    const { frozen } = await frozenAfter(9, 2);
    const begun = await begin(frozen);
    assert.equal(begun.parent, null);
    assert.match(begun.parentRefused ?? '', /of SIM\/default\/v2_\w+ from SIM\/default\/v1_/);
  });

  it('says nothing of a parent when it was to begin from scratch anyway', async () => {
    const { frozen } = await frozenAfter(2);
    assert.deepEqual(await begin(frozen, true), { parent: null, trainSteps: 200_000, chunkSteps: 100_000 });
  });

  it('does not train when there is no session that production could be compared on', async () => {
    await produce(0);
    const result = await freeze();
    assert.ok(result.kind === 'refused');
    assert.match(result.summary, /^nothing to compare with production on: a window from .* is not clean/);
  });

  /** A model whose features are scaled by the bars up to `to`. */
  const scaledBy = (to: number): Promise<ServedModel> => {
    const raw = computeFeatures(bars, environment.features);
    const normaliser = fitNormaliser(raw, { from: raw.warmUp, to }, 5);
    return storeModel(dependencies.artifacts, { instrument: 'SIM', simulated: true, environment, normaliser });
  };
  const evaluate = (request: EvaluateRequest) => createEvaluationActivities(dependencies).evaluateCandidate(request);

  it('compares on the clean sessions alone, and says in the evidence which others do not count', async () => {
    const { bundle: live } = await scaledBy(100);
    await produce(2, { bundle: live });
    const result = await freeze();
    assert.ok(result.kind === 'frozen');
    await begin(result.dataset);
    const { bundle } = await scaledBy(result.dataset.training.to);
    const { evidence } = await run(evaluate, { ...place, runId, dataset: result.dataset, bundle });
    assert.equal(evidence.sessions, 2);
    assert.equal(evidence.refused?.count, 3);
    assert.ok(evidence.refused.reason.includes(endOfSession(2)));
  });

  it('judges no candidate whose features are scaled by all bars, and says so', async () => {
    const result = await freeze();
    assert.ok(result.kind === 'frozen');
    await begin(result.dataset);
    const { bundle } = await scaledBy(bars.length);
    await assert.rejects(run(evaluate, { ...place, runId, dataset: result.dataset, bundle }), {
      name: 'LookAhead',
      message: /^feature return is scaled by mean .*, as if fitted on all bars, those that judge included/,
    });
  });
});

/** Runs an activity as Temporal would. */
const run = <Request, Result>(activity: (request: Request) => Promise<Result>, request: Request): Promise<Result> =>
  new MockActivityEnvironment().run<[Request], Result, typeof activity>(activity, request);

const finishedFile = async (path: string): Promise<DataFile> => {
  const content = await readFile(path);
  const hash = createHash('sha256').update(content).digest('hex');
  return { id: basename(path), pathId: basename(path), bytes: content.length, sha256: hash };
};
