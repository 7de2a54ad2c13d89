import { exportModel } from '../../../src/activities/trainer/export-model.js';
import { frequencyMs } from '../../../src/domain/market/bars.js';
import type { TrainingConfig } from '../../../src/config/sections/training.js';
import { observationSize, type ObservationSchema } from '../../../src/domain/agent/observation.js';
import type { ArtifactStore } from '../../../src/domain/ports.js';
import { createNetwork, initialParameters } from '../../../src/learning/network.js';
import type { NamedTensor } from '../../../src/learning/learner.js';
import { createRandom } from '../../../src/learning/random.js';
import { smallTrainingConfig } from '../learning/small-training.js';
import { dataset } from './registry.js';
import { testInstrument } from '../market/instruments.js';

export interface ServedModelOptions {
  readonly instrument?: string;
  /** Of the weights: another seed decides otherwise. */
  readonly seed?: number;
  readonly environment?: object;
  readonly agent?: object;
  /** By default one that fits no data. */
  readonly normaliser?: ObservationSchema['normaliser'];
  readonly simulated?: boolean;
  /** Put in the place of one weight. */
  readonly weight?: number;
}

export interface ServedModel {
  /** Artifact id. */
  readonly bundle: string;
  readonly config: TrainingConfig;
  readonly schema: ObservationSchema;
  readonly tensors: readonly NamedTensor[];
}

/** A small network with random weights, exported and stored as a trained one is. */
export const storeModel = async (
  artifacts: ArtifactStore,
  { instrument = 'ES', seed = 1, environment = {}, agent = {}, simulated = false, weight, normaliser }: ServedModelOptions = {},
): Promise<ServedModel> => {
  const config = smallTrainingConfig({
    environment: { lookback: 3, features: ['return', 'range', 'rsi', 'timeOfDay'], priceBins: 5, quantityBins: 5, ...environment },
    agent: { trunk: [16], head: 8, auxiliaryHead: 0, ...agent },
  });
  const { features, lookback, frequency, featureClip, priceBins, quantityBins } = config.environment;
  const schema: ObservationSchema = {
    features,
    lookback,
    frequencyMs: frequencyMs(frequency),
    normaliser: normaliser ?? { mean: features.map((_, i) => i / 100), scale: features.map((_, i) => 0.5 + i), clip: featureClip },
  };
  const network = createNetwork(config.agent, observationSize(schema), { price: priceBins, quantity: quantityBins });
  const tensors = initialParameters(network, createRandom(seed, 'weights')).map((tensor) => ({ ...tensor, name: `online/${tensor.name}` }));
  if (weight !== undefined) tensors[0]?.values.fill(weight, 0, 1);
  const job = { instrument: testInstrument({ id: instrument }), bucket: 'default', dataset: dataset({ instrument, simulated }) };
  return { bundle: await exportModel({ job, parent: null, config, schema, tensors }, artifacts), config, schema, tensors };
};
