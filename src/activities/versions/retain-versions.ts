import { superfluousModels, type ModelFile } from '../../domain/model/retention.js';
import type { ArtifactStore } from '../../domain/ports.js';
import { readModelBundle } from '../../learning/export/model-bundle.js';
import type { KeptVersion, NamedVersion } from '../../registry/production/retention.js';
import type { ActivityDependencies } from '../dependencies.js';

/**
 * Deletes the models of versions that are kept no longer and gives their number. What another version's model or training still needs is left; the
 * registry knows of a deletion before it happens, so that an interrupted one is finished by the next.
 */
export const retainVersions = async (
  { registry, artifacts, config }: Pick<ActivityDependencies, 'registry' | 'artifacts' | 'config'>,
  nowMs: number,
): Promise<number> => {
  const { challengerDays } = config.evaluation;
  const needs = { challengerDays, schemaGraceHours: config.experiences.schemaGraceHours };
  const present = await registry.retention.present(needs);
  const withFiles = async (version: KeptVersion) => ({ ...version, files: await sizesOf(artifacts, await filesOf(artifacts, version)) });
  const models = await Promise.all(present.map(withFiles));
  let deleted = 0;
  for (const { model, reason } of superfluousModels(models, config.retention, nowMs))
    if (await registry.retention.remove(model, reason)) deleted++;
  const left = await registry.retention.present(needs);
  const needed = new Set((await Promise.all(left.map((version) => filesOf(artifacts, version)))).flat());
  for (const version of await registry.retention.removed())
    for (const id of (await filesOf(artifacts, version)).filter((file) => !needed.has(file))) await artifacts.remove(id);
  return deleted;
};

/** Weights and network first: after an interruption the bundle, which names them, is still there. */
const filesOf = async (artifacts: ArtifactStore, { bundle }: Pick<NamedVersion, 'bundle'>): Promise<string[]> => {
  if (!(await artifacts.has(bundle))) return [bundle];
  const { weights, onnx } = readModelBundle(await artifacts.get(bundle));
  return [weights, onnx, bundle];
};

/** A file that is not there takes no room. */
const sizesOf = (artifacts: ArtifactStore, ids: readonly string[]): Promise<ModelFile[]> =>
  Promise.all(ids.map(async (id) => ({ id, bytes: (await artifacts.has(id)) ? (await artifacts.get(id)).length : 0 })));
