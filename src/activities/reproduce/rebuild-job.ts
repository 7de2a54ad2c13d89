import { join } from 'node:path';
import { handOnPlan } from '../../config/buckets/bucket-training.js';
import { ratchetConfig, type RatchetConfig } from '../../config/ratchet.js';
import type { Ancestor } from '../../domain/lineage/ancestors.js';
import type { Dataset } from '../../domain/market/dataset.js';
import type { ArtifactStore } from '../../domain/ports.js';
import type { HandedOn } from '../../domain/training/run-steps.js';
import type { TrainingJob } from '../../domain/training/trainer-protocol.js';
import { readModelBundle } from '../../learning/export/model-bundle.js';
import { readDataset } from '../../market/bar-store.js';
import type { Registry } from '../../registry/open-registry.js';
import type { Run } from '../../registry/runs/runs.js';
import type { Version } from '../../registry/versions.js';
import { readMarkets } from '../dependencies.js';
import { sharedMarkets } from '../training/share-bars.js';
import { effort } from '../trainer/effort.js';

/** Why a version cannot be rebuilt at all, or nothing can be compared. */
export class NotReproducible extends Error {
  override readonly name = 'NotReproducible';
}

/** A version's training, as its lineage tells it. */
export interface Recipe {
  readonly run: Run;
  readonly config: RatchetConfig;
  readonly dataset: Dataset;
  /** Datasets of other instruments that it learned from too, in the order in which they were joined. */
  readonly shared: readonly Dataset[];
  /** Artifact id of the bundle that it started from; null from scratch. */
  readonly parent: string | null;
  /** The model, of another bucket, whose knowledge was handed on to it, and what that was; null without. */
  readonly source: Pick<HandedOn, 'bundle' | 'kinds' | 'horizons' | 'repeatEvery'> | null;
  /** Up to where the parent had learned, ISO 8601; null from scratch. */
  readonly parentLearnedTo: string | null;
  /** Artifact id of the experiences that it replayed; null without. */
  readonly experiences: string | null;
  /** Close of the last bar that it learned from, ISO 8601. */
  readonly trainedTo: string;
}

/** Gathers what a version was made from. Throws `NotReproducible` when the registry does not know it. */
export const recipeOf = async (registry: Registry, version: Version): Promise<Recipe> => {
  const run = version.run === null ? null : await registry.runs.get(version.run);
  if (run === null)
    throw new NotReproducible(`${version.name} was not made by a run that the registry knows: nothing tells how it was trained`);
  const dataset = await registry.datasets.get(version.dataset);
  if (dataset === null) throw new NotReproducible(`dataset ${version.dataset} of ${version.name} is not registered`);
  const { instrument, bucket, name } = version;
  const learned = await registry.versions.lineage(instrument, bucket, name);
  const own = learned.find(({ kind, source, through }) => kind === 'dataset' && source === dataset.id && through.length === 1);
  if (own === undefined) throw new NotReproducible(`the lineage of ${name} does not say up to where it learned from dataset ${dataset.id}`);
  const shared = await sharedDatasets(registry, dataset, learned);
  const parent = version.parent === null ? null : await registry.versions.get(instrument, bucket, version.parent);
  const [handedOn] = await registry.versions.transfers(instrument, bucket, name);
  const source = handedOn === undefined ? null : await registry.versions.get(handedOn.instrument, handedOn.bucket, handedOn.name);
  const transfer = await registry.transfers.ofRun(run.id);
  const { kinds, horizons, repeatEvery } = transfer ?? {};
  const settled = { ...(kinds && { kinds }), ...(horizons && { horizons }), ...(repeatEvery && { repeatEvery }) };
  const handed = source === null ? null : { bundle: source.bundle, ...settled };
  const replayed = learned.find(({ kind, through }) => kind === 'replay' && through.length === 1)?.source ?? null;
  const started = { experiences: replayed, parent: parent?.bundle ?? null, parentLearnedTo: parent?.dataHorizon ?? null, source: handed };
  return { run, config: ratchetConfig.parse(run.config), dataset, shared, ...started, trainedTo: own.horizon };
};

/** The other datasets of a version's own lineage, oldest entry first. */
const sharedDatasets = async (registry: Registry, { id }: Dataset, learned: readonly Ancestor[]): Promise<Dataset[]> => {
  const shared: Dataset[] = [];
  for (const { kind, source, through } of learned) {
    if (kind !== 'dataset' || source === id || through.length > 1) continue;
    const dataset = await registry.datasets.get(source);
    if (dataset === null) throw new NotReproducible(`dataset ${source}, which was learned from too, is not registered`);
    shared.push(dataset);
  }
  return shared;
};

/** Copies what a training reads into another store, checking each hash. Throws `NotReproducible` for what was deleted. */
export const copyIngredients = async (
  { dataset, shared, parent, source, experiences }: Recipe,
  from: ArtifactStore,
  to: ArtifactStore,
): Promise<void> => {
  await copy(from, to, dataset.artifact, 'the bars that it was trained on were deleted');
  for (const { instrument, artifact } of shared)
    await copy(from, to, artifact, `the bars of ${instrument} that it was trained on were deleted`);
  if (experiences !== null) await copy(from, to, experiences, 'the experiences that it replayed were deleted');
  const lost = 'the weights of the version that it started from were deleted';
  for (const bundle of [parent, source?.bundle ?? null].filter((id) => id !== null)) {
    await copy(from, to, bundle, lost);
    const { weights, onnx } = readModelBundle(await from.get(bundle));
    for (const part of [weights, onnx]) await copy(from, to, part, lost);
  }
};

const copy = async (from: ArtifactStore, to: ArtifactStore, id: string, lost: string): Promise<void> => {
  if (!(await from.has(id))) throw new NotReproducible(`${lost}: artifact ${id} is not there`);
  await to.put({ path: await from.file(id) });
};

/** The job that trains a recipe in `folder`, whose artifacts are in its `artifacts`, in one go. Throws `NotReproducible`, `InstrumentUnknown`. */
export const rebuildJob = async (
  { run, config, dataset, shared, parent, parentLearnedTo, source, experiences, trainedTo }: Recipe,
  artifacts: ArtifactStore,
  folder: string,
): Promise<TrainingJob> => {
  const bars = await readDataset(await artifacts.file(dataset.artifact));
  const last = bars.closeTime.indexOf(Date.parse(trainedTo));
  if (last < 0) throw new NotReproducible(`no bar of dataset ${dataset.id} closes at ${trainedTo}, up to where it was learned from`);
  const { nice } = effort[config.performance.mode];
  const markets = await readMarkets(config.instruments);
  return {
    runId: run.id,
    epoch: 1,
    instrument: markets.instrument(run.instrument),
    bucket: run.bucket,
    dataset,
    trainingRange: { from: 0, to: last + 1 },
    ...(shared.length > 0 && { shared: sharedMarkets(shared, markets) }),
    training: config.training,
    parent,
    ...(parentLearnedTo === null ? {} : { parentLearnedTo }),
    ...(source === null ? {} : { transfer: handOnPlan(config.progressive, source) }),
    ...(experiences === null ? {} : { experiences }),
    untilStep: config.training.trainSteps,
    checkpointFolder: join(folder, 'checkpoints'),
    artifactsFolder: join(folder, 'artifacts'),
    nice,
    progressEveryMs: 1_000,
    patienceMs: 60_000,
  };
};
