import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { openFolderStore } from '../../artifacts/folder-store.js';
import { makeDifferences } from '../../domain/model/made-with.js';
import type { ModelBundle } from '../../domain/model/model.js';
import type { ArtifactStore } from '../../domain/ports.js';
import type { TrainerProgress } from '../../domain/training/trainer-protocol.js';
import { readModelBundle } from '../../learning/export/model-bundle.js';
import type { Registry } from '../../registry/open-registry.js';
import type { Version } from '../../registry/versions.js';
import { evaluationRecord, type EvaluationRecord } from '../evidence/record.js';
import { madeWith } from '../made-with.js';
import { effort } from '../trainer/effort.js';
import { copyIngredients, NotReproducible, rebuildJob, recipeOf, type Recipe } from './rebuild-job.js';
import { replayReturns } from './replay-returns.js';
import { trainAgain } from './train-again.js';

/** One thing that was compared, by its hash. */
export interface Compared {
  readonly what: 'weights' | 'learner' | 'network' | 'bundle' | 'returns';
  readonly recorded: string;
  readonly rebuilt: string;
}

/** What rebuilding a version showed. */
export interface Reproduction {
  readonly version: string;
  readonly outcome: 'reproduced' | 'differs' | 'impossible';
  readonly compared: readonly Compared[];
  /** Why it is impossible, what may explain a difference, and what could not be compared. */
  readonly notes: readonly string[];
}

export interface ReproduceOptions {
  readonly registry: Registry;
  readonly artifacts: ArtifactStore;
  /** Folder in which a clean one is made, and removed at the end. */
  readonly folder: string;
  readonly devices?: string;
  readonly onProgress?: (progress: TrainerProgress) => void;
}

/**
 * Trains a version again in a clean folder, from the bars, configuration, seed and parent that the registry names, and compares the hashes of what
 * comes out with what is registered; the returns of its first evaluation as well. Throws when the training itself fails.
 */
export const reproduceVersion = async (version: Version, options: ReproduceOptions): Promise<Reproduction> => {
  await mkdir(options.folder, { recursive: true });
  const clean = await mkdtemp(join(options.folder, 'reproduce-'));
  try {
    const recipe = await recipeOf(options.registry, version);
    const store = await openFolderStore(join(clean, 'artifacts'));
    await copyIngredients(recipe, options.artifacts, store);
    const job = await rebuildJob(recipe, store, clean);
    const { processors } = effort[recipe.config.performance.mode];
    const { devices, onProgress = () => undefined } = options;
    const id = await trainAgain(
      job,
      { ...(devices === undefined ? {} : { devices }), ...(processors === null ? {} : { processors }) },
      onProgress,
    );
    const rebuilt = readModelBundle(await store.get(id));
    const models = await compareModels(version, id, rebuilt, options.artifacts);
    const returns = await compareReturns(version, id, store, options);
    const compared = [...models, ...returns.compared];
    const isSame = compared.every((one) => one.recorded === one.rebuilt);
    const notes = [...(isSame ? [] : await explanations(recipe)), ...returns.notes];
    return { version: version.name, outcome: isSame ? 'reproduced' : 'differs', compared, notes };
  } catch (error) {
    if (error instanceof NotReproducible) return { version: version.name, outcome: 'impossible', compared: [], notes: [error.message] };
    throw error;
  } finally {
    await rm(clean, { recursive: true, force: true });
  }
};

/** The weights by the registry's hash; the rest as far as the stored bundle is still there. */
const compareModels = async (version: Version, id: string, rebuilt: ModelBundle, artifacts: ArtifactStore): Promise<Compared[]> => {
  const weights = { what: 'weights', recorded: version.weightsHash, rebuilt: rebuilt.weightsHash } as const;
  const bundle = { what: 'bundle', recorded: version.bundle, rebuilt: id } as const;
  if (!(await artifacts.has(version.bundle))) return [weights, bundle];
  const stored = readModelBundle(await artifacts.get(version.bundle));
  return [
    weights,
    { what: 'learner', recorded: stored.weights, rebuilt: rebuilt.weights },
    { what: 'network', recorded: stored.onnx, rebuilt: rebuilt.onnx },
    bundle,
  ];
};

interface ComparedReturns {
  readonly compared: readonly Compared[];
  readonly notes: readonly string[];
}

const compareReturns = async (
  { instrument, bucket, name }: Version,
  bundle: string,
  store: ArtifactStore,
  { registry, artifacts }: ReproduceOptions,
): Promise<ComparedReturns> => {
  const decision = await registry.decisions.firstOf(instrument, bucket, name);
  const record = decision === null ? null : await recordOf(decision.evidencePack, artifacts);
  if (decision === null || record === null)
    return { compared: [], notes: ['its returns were not compared: the record of its evaluation is not there'] };
  if (!(await artifacts.has(record.dataset.artifact)))
    return { compared: [], notes: ['its returns were not compared: the bars that it was judged on were deleted'] };
  await store.put({ path: await artifacts.file(record.dataset.artifact) });
  const rebuilt = await replayReturns(record, bundle, store);
  return { compared: [{ what: 'returns', recorded: decision.evidence.returnHashes.candidate, rebuilt }], notes: [] };
};

const packWithRecord = z.looseObject({ record: z.string() });

const recordOf = async (pack: string | null, artifacts: ArtifactStore): Promise<EvaluationRecord | null> => {
  if (pack === null || !(await artifacts.has(pack))) return null;
  const read = async (id: string): Promise<unknown> => JSON.parse(new TextDecoder().decode(await artifacts.get(id)));
  const { record } = packWithRecord.parse(await read(pack));
  return (await artifacts.has(record)) ? evaluationRecord.parse(await read(record)) : null;
};

const explanations = async ({ run }: Recipe): Promise<string[]> => {
  if (run.madeWith === null)
    return ['it was made by an earlier version of Ratchet, which did not note its code: that may be why it differs'];
  const differences = makeDifferences(run.madeWith, await madeWith());
  return differences.length === 0
    ? ['code, packages and machine are the same: this difference should not be, please report it']
    : differences.map((difference) => `${difference}: that may be why it differs`);
};
