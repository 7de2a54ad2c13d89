import type { LoadedModel } from './loaded-model.js';

/** Models that are loaded or being loaded, by the artifact id of their bundle. */
export interface ModelShelf {
  /** Gives a model, which is loaded where it is not yet. Throws what loading it throws; asked again, it is loaded again. */
  take(bundle: string): Promise<LoadedModel>;
  /** Takes all others off the shelf; each is freed once nobody uses it any more. */
  keepOnly(bundles: ReadonlySet<string>): void;
  /** How many there are. */
  size(): number;
  /** Empties the shelf, and ends when everything is freed. */
  close(): Promise<void>;
}

export const createModelShelf = (load: (bundle: string) => Promise<LoadedModel>): ModelShelf => {
  const models = new Map<string, Promise<LoadedModel>>();
  const leaving = new Set<Promise<void>>();
  const startLoading = (bundle: string): Promise<LoadedModel> => {
    const loading = load(bundle);
    models.set(bundle, loading);
    loading.catch(() => models.delete(bundle));
    return loading;
  };
  const retire = (loading: Promise<LoadedModel>): void => {
    const left: Promise<void> = loading
      .then((model) => model.retire())
      .catch(() => undefined) // it was never loaded
      .finally(() => leaving.delete(left));
    leaving.add(left);
  };
  const keepOnly = (bundles: ReadonlySet<string>): void => {
    for (const [bundle, loading] of models) {
      if (bundles.has(bundle)) continue;
      models.delete(bundle);
      retire(loading);
    }
  };
  return {
    take: (bundle) => models.get(bundle) ?? startLoading(bundle),
    keepOnly,
    size: () => models.size,
    async close() {
      keepOnly(new Set());
      await Promise.all(leaving);
    },
  };
};
