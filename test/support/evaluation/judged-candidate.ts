import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createDatasetActivities } from '../../../src/activities/training/datasets.js';
import { readMarkets, type ActivityDependencies } from '../../../src/activities/dependencies.js';
import { createEvaluationActivities } from '../../../src/activities/evaluation/evaluation.js';
import { createRunActivities } from '../../../src/activities/training/runs.js';
import { createVersionActivities } from '../../../src/activities/versions/versions.js';
import { openFolderStore } from '../../../src/artifacts/folder-store.js';
import { ratchetConfig } from '../../../src/config/ratchet.js';
import { sessionStarts } from '../../../src/domain/market/bars.js';
import { judge } from '../../../src/domain/gate/judge.js';
import type { DataFile } from '../../../src/domain/learner/data-file.js';
import type { EvaluatedCandidate, FrozenDataset, RegisteredVersion } from '../../../src/domain/training/run-steps.js';
import { fitNormaliser } from '../../../src/learning/observation.js';
import { readDataset } from '../../../src/market/bar-store.js';
import { computeFeatures } from '../../../src/market/features/compute-features.js';
import { sliceBars } from '../../../src/workers/api/recent-market.js';
import { writeExports } from '../../../src/market/simulation/write-exports.js';
import { recordingLogger } from '../recording-logger.js';
import { freshRegistry, newVersion, trainedTo } from '../registry/registry.js';
import { storeModel } from '../registry/served-model.js';
import { testSimulation } from '../market/simulation.js';

const place = { instrument: 'SIM', bucket: 'default' };
const environment = { frequency: '15m', lookback: 3, features: ['return', 'range', 'rsi', 'timeOfDay'], priceBins: 5, quantityBins: 5 };

/** The activities' world on a folder, with a registry of its own, and exports of a simulated market. */
export interface SmallWorld {
  readonly dependencies: ActivityDependencies & { readonly registry: Awaited<ReturnType<typeof freshRegistry>> };
  /** Exports and freezes sessions from the first on: as many as at first, unless a number is given. */
  readonly freeze: (runId: string, sessions?: number, bucket?: string) => Promise<FrozenDataset>;
}

export interface SmallWorldOptions {
  /** Sessions of the market, and how many of them are exported at first. */
  readonly sessions?: number;
  readonly exported?: number;
  readonly training?: object;
  readonly evaluation?: object;
  /** Other groups of the configuration. */
  readonly more?: object;
}

export const smallWorld = async (folder: string, options: SmallWorldOptions = {}): Promise<SmallWorld> => {
  const { sessions = 24, exported = sessions, training = {}, evaluation = {}, more = {} } = options;
  const at = (name: string): string => join(folder, name);
  await Promise.all([mkdir(at('bars')), mkdir(at('cache')), mkdir(at('checkpoints'))]);
  const { bars } = await testSimulation({ edge: 2, sessions, decisionMinutes: 15 });
  const starts = sessionStarts(bars);
  const files = async (count: number): Promise<DataFile[]> =>
    Promise.all((await writeExports(sliceBars(bars, 0, starts[count]!), at('exports'))).map(finishedFile));
  const config = ratchetConfig.parse({
    ...more,
    training: { environment, hindsight: { horizon: 5 }, ...training },
    evaluation: { evaluationFraction: 0.4, evaluationEpisodes: 4, bootstrapReplicates: 200, ...evaluation },
  });
  const dependencies = {
    registry: await freshRegistry(),
    artifacts: await openFolderStore(at('artifacts')),
    config,
    markets: await readMarkets(config.instruments),
    folders: {
      watched: at('exports'),
      bars: at('bars'),
      checkpoints: at('checkpoints'),
      artifacts: at('artifacts'),
      temporary: at('cache'),
    },
    logger: recordingLogger(),
  };
  return {
    dependencies,
    async freeze(runId, count = exported, bucket = place.bucket) {
      const activities = createDatasetActivities(dependencies);
      const reported = await files(count);
      const frozen = await asActivity((request) => activities.freezeDataset(request), {
        instrument: place.instrument,
        bucket,
        runId,
        asked: true,
        files: reported,
        lists: [],
      });
      if (frozen.kind !== 'frozen') throw new Error(`the dataset was refused: ${frozen.summary}`);
      return frozen.dataset;
    },
  };
};

export interface JudgedCandidate {
  readonly world: SmallWorld;
  readonly dataset: FrozenDataset;
  readonly candidate: EvaluatedCandidate;
  readonly registered: RegisteredVersion;
}

/** A small random network, judged against another one in production by the real activities, and registered. */
export const judgedCandidate = async (folder: string, world?: SmallWorld): Promise<JudgedCandidate> => {
  const on = world ?? (await smallWorld(folder));
  const { dependencies } = on;
  const { registry, artifacts } = dependencies;
  const runId = 'train-SIM-000001';
  const dataset = await on.freeze(runId);
  const live = await storeModel(artifacts, { instrument: 'SIM', simulated: true, environment, seed: 5 });
  const learned = [trainedTo(dataset.trainedTo, { source: dataset.id })];
  const { name } = await registry.versions.register(
    newVersion('live', { ...place, bundle: live.bundle, dataset: dataset.id, sources: learned }),
  );
  const order = { ...place, operationKey: 'live', expectedPrevious: null, actor: 'test', reason: 'test', version: name, decision: null };
  await registry.production.promote(order);
  await createRunActivities(dependencies).beginRun({ ...place, runId, cycle: 1, reason: 'test', full: false, dataset });
  const epoch = await registry.runs.claimEpoch(runId);
  const raw = computeFeatures(await readDataset(await artifacts.file(dataset.artifact)), environment.features);
  const normaliser = fitNormaliser(raw, { from: raw.warmUp, to: dataset.training.to }, 5);
  const { bundle } = await storeModel(artifacts, { instrument: 'SIM', simulated: true, environment, seed: 9, normaliser });
  const activities = createEvaluationActivities(dependencies);
  const candidate = await asActivity((asked) => activities.evaluateCandidate(asked), { ...place, runId, dataset, bundle });
  const decision = judge(candidate.evidence, candidate.gate);
  const request = { ...place, runId, epoch, dataset, parent: null, candidate, decision };
  return { world: on, dataset, candidate, registered: await createVersionActivities(dependencies).registerVersion(request) };
};

/** Runs an activity as Temporal would. */
export const asActivity = <Request, Result>(activity: (request: Request) => Promise<Result>, request: Request): Promise<Result> =>
  new MockActivityEnvironment().run<[Request], Result, typeof activity>(activity, request);

/** An export as the watcher reports it. */
export const finishedFile = async (path: string): Promise<DataFile> => {
  const content = await readFile(path);
  const hash = createHash('sha256').update(content).digest('hex');
  return { id: basename(path), pathId: basename(path), bytes: content.length, sha256: hash };
};
