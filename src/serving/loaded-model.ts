import type { ComputeFeatures } from '../domain/market/features.js';
import type { ModelBundle } from '../domain/model/model.js';
import type { LiveModel } from '../domain/model/production.js';
import type { ArtifactStore } from '../domain/ports.js';
import { readModelBundle } from '../learning/export/model-bundle.js';
import type { QValues } from '../learning/learner.js';
import { historyNeeds, type HistoryNeeds } from './history-needs.js';
import { openNetwork } from './open-network.js';

/** A model that is loaded and warm. */
export interface LoadedModel {
  readonly bundle: ModelBundle;
  /** What a decision on bars needs before the window that it looks back on. */
  readonly needs: HistoryNeeds;
  /** Q-values of one state; only to be called within `use`. */
  readonly answer: (state: Float32Array) => Promise<QValues>;
  /** Does work that needs the model; it is not freed before. */
  readonly use: <T>(work: () => Promise<T>) => Promise<T>;
  /** Frees the model once all uses have ended. */
  readonly retire: () => Promise<void>;
}

/** A model and what it is live as. */
export interface LivePolicy extends LoadedModel {
  readonly live: LiveModel;
}

export interface LoadOptions {
  readonly artifacts: ArtifactStore;
  readonly computeFeatures: ComputeFeatures;
}

/** Loads a model by the artifact id of its bundle, and warms it up. Throws `ArtifactMissing`, `ArtifactCorrupt`, `UnsuitableModel`, `RangeError`. */
export const loadModel = async (id: string, { artifacts, computeFeatures }: LoadOptions): Promise<LoadedModel> => {
  const bundle = readModelBundle(await artifacts.get(id));
  const needs = historyNeeds(bundle.observation, computeFeatures);
  const network = await openNetwork(bundle, artifacts);
  const underWay = new Set<Promise<unknown>>();
  return {
    bundle,
    needs,
    answer: (state) => network.answer(state, 1),
    use(work) {
      const result = work();
      const tracked = result.catch(() => null).finally(() => underWay.delete(tracked));
      underWay.add(tracked);
      return result;
    },
    async retire() {
      while (underWay.size > 0) await Promise.all(underWay);
      await network.release();
    },
  };
};
