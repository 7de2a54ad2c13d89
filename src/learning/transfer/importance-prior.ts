import type { ObservationSchema } from '../../domain/agent/observation.js';
import type { NamedTensor } from '../learner.js';
import { inputLayerOf } from './adapt-network.js';
import type { FeatureImportance } from './feature-importance.js';

/**
 * A fresh learner's state whose first layer, a convolution too, listens to each feature by its importance: its weights are scaled by the square root of importance over
 * the average one, which leaves the variance of what the layer hears as it was. A feature without an importance is an average one.
 */
export const withImportancePrior = (
  fresh: readonly NamedTensor[],
  { features, lookback }: Pick<ObservationSchema, 'features' | 'lookback'>,
  importance: FeatureImportance,
): NamedTensor[] => {
  const average = 1 / Math.max(1, Object.keys(importance).length);
  const raw = features.map((feature) => importance[feature] ?? average);
  const total = raw.reduce((sum, value) => sum + value, 0);
  const scale = raw.map((value) => Math.sqrt((value * features.length) / total));
  const layer = inputLayerOf(fresh, 'online/');
  const weights = ['online', 'target'].map((group) => `${group}/${layer}/weight`);
  return fresh.map((tensor) => {
    if (!weights.includes(tensor.name)) return tensor;
    const units = tensor.shape[1]!;
    const window = features.length * lookback;
    return {
      ...tensor,
      values: tensor.values.map((value, i) => {
        const input = Math.floor(i / units);
        return layer === 'encoder/0' || input < window ? value * scale[input % features.length]! : value;
      }),
    };
  });
};
