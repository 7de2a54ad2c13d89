import type { ObservationSchema } from '../../domain/agent/observation.js';
import type { NamedTensor } from '../learner.js';
import type { FeatureImportance } from './feature-importance.js';

/** Layers that see the state vector, before anything was learned. */
const INPUT_WEIGHTS = /^(?:online|target)\/trunk\/0\/weight$/;

/**
 * A fresh learner's state whose first layer listens to each feature by its importance: its weights are scaled by the square root of importance over
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
  return fresh.map((tensor) => {
    if (!INPUT_WEIGHTS.test(tensor.name)) return tensor;
    const units = tensor.shape[1]!;
    const window = features.length * lookback;
    return {
      ...tensor,
      values: tensor.values.map((value, i) => {
        const input = Math.floor(i / units);
        return input < window ? value * scale[input % features.length]! : value;
      }),
    };
  });
};
