import type { ModelBundle } from '../../domain/model/model.js';
import { readModelBundle } from '../../learning/export/model-bundle.js';
import type { KeptVersion } from '../../registry/production/retention.js';
import type { ActivityDependencies } from '../dependencies.js';

/**
 * Deletes the models of versions that are kept no longer and gives their number. What another version's model or training still needs is left; the
 * registry knows of a deletion before it happens, so that an interrupted one is finished by the next.
 */
export const retainVersions = async ({
  registry,
  artifacts,
  config,
}: Pick<ActivityDependencies, 'registry' | 'artifacts' | 'config'>): Promise<number> => {
  const { maxModelVersions } = config.retention;
  const rule = { maxModelVersions, challengerDays: config.evaluation.challengerDays };
  const superfluous = await registry.retention.superfluous(rule);
  const reason = `more than ${maxModelVersions} newer versions are registered (retention.max_model_versions)`;
  for (const version of superfluous) await registry.retention.remove(version, reason);
  const bundleOf = async ({ bundle }: KeptVersion): Promise<ModelBundle | null> =>
    (await artifacts.has(bundle)) ? readModelBundle(await artifacts.get(bundle)) : null;
  const present = await registry.retention.present();
  const needed = new Set((await Promise.all(present.map(async (version) => filesOf(version.bundle, await bundleOf(version))))).flat());
  for (const version of await registry.retention.removed())
    for (const id of filesOf(version.bundle, await bundleOf(version)).filter((file) => !needed.has(file))) await artifacts.remove(id);
  return superfluous.length;
};

/** Weights and network first: after an interruption the bundle, which names them, is still there. */
const filesOf = (id: string, bundle: ModelBundle | null): string[] => (bundle === null ? [id] : [bundle.weights, bundle.onnx, id]);
