import type { EnvironmentConfig } from '../../config/sections/training.js';
import type { BarSeries } from '../../domain/market/bars.js';
import type { RawFeatures } from '../../domain/market/features.js';
import type { ModelBundle } from '../../domain/model/model.js';
import type { ArtifactStore } from '../../domain/ports.js';
import type { EvaluatedModel } from '../../evaluation/evaluate-models.js';
import { loadOnnxPolicy } from '../../evaluation/policies/onnx-policy.js';
import { readModelBundle } from '../../learning/export/model-bundle.js';
import { featureMatrix, type FeatureMatrix } from '../../learning/observation.js';
import { computeFeatures } from '../../market/features/compute-features.js';

/** A stored model, loaded to play on some bars, with what it sees of them. */
export interface Contender {
  readonly bundle: ModelBundle;
  /** Its features of all the bars, before they are scaled. */
  readonly raw: RawFeatures;
  readonly matrix: FeatureMatrix;
  /** First bar with a whole observation. */
  readonly firstDecision: number;
  readonly model: EvaluatedModel;
  readonly release: () => Promise<void>;
}

/** Loads a model by its bundle's artifact id, to play in the environment `config` with its own observation and bins. Throws `UnsuitableModel`. */
export const openContender = async (
  artifacts: ArtifactStore,
  id: string,
  bars: BarSeries,
  config: EnvironmentConfig,
): Promise<Contender> => {
  const bundle = readModelBundle(await artifacts.get(id));
  const { bins, horizon, observation } = bundle;
  const { lookback } = observation;
  const raw = computeFeatures(bars, observation.features);
  const matrix = featureMatrix(raw, observation.normaliser);
  const { policy, release } = await loadOnnxPolicy({ onnx: await artifacts.get(bundle.onnx), matrix, lookback, bins });
  const own = { ...config, lookback, priceBins: bins.price, quantityBins: bins.quantity };
  return { bundle, raw, matrix, firstDecision: raw.warmUp + lookback - 1, model: { policy, config: own, horizon }, release };
};

/** A candidate and what it is compared with; production is null when nothing proven is live. */
export interface Contenders {
  readonly candidate: Contender;
  readonly production: Contender | null;
}

/** Loads both for as long as `work` takes, whatever becomes of it. Throws `UnsuitableModel`. */
export const withContenders = async <T>(
  artifacts: ArtifactStore,
  bundles: { readonly candidate: string; readonly production: string | null },
  bars: BarSeries,
  config: EnvironmentConfig,
  work: (contenders: Contenders) => Promise<T>,
): Promise<T> => {
  const candidate = await openContender(artifacts, bundles.candidate, bars, config);
  try {
    const production = bundles.production === null ? null : await openContender(artifacts, bundles.production, bars, config);
    try {
      return await work({ candidate, production });
    } finally {
      await production?.release();
    }
  } finally {
    await candidate.release();
  }
};
