import type { TrainingConfig } from '../../config/sections/training.js';
import type { ActionBins } from '../../domain/agent/action-codec.js';
import { observationSize, type ObservationSchema } from '../../domain/agent/observation.js';
import type { ModelBundle } from '../../domain/model/model.js';
import type { ArtifactStore } from '../../domain/ports.js';
import type { TransferKind } from '../../domain/transfer/plan.js';
import { readModelBundle } from '../../learning/export/model-bundle.js';
import type { NamedTensor } from '../../learning/learner.js';
import { createNetwork, initialParameters } from '../../learning/network.js';
import { createRandom } from '../../learning/random.js';
import { readTensors } from '../../learning/safetensors.js';
import { mapInputs, SchemasDiffer } from '../../learning/transfer/input-map.js';
import { ParentUnfit } from '../../learning/transfer/shrink-and-perturb.js';
import { transferWeights } from '../../learning/transfer/transfer-weights.js';
import { weightsHash } from '../../learning/weights-hash.js';

/** A stored model that knowledge is to come from; `refusal` says why none can, or is null. */
export interface ExaminedSource {
  readonly bundle: ModelBundle;
  readonly tensors: readonly NamedTensor[];
  readonly refusal: string | null;
}

/** Opens a source and tries whether what is asked of it fits a training: its weights must be those that were registered, its bars as long, its layers and bins the same. */
export const examineSource = async (
  artifacts: ArtifactStore,
  id: string,
  kinds: readonly TransferKind[],
  training: TrainingConfig,
  frequencyMs: number,
): Promise<ExaminedSource> => {
  const bundle = readModelBundle(await artifacts.get(id));
  const tensors = readTensors(await artifacts.get(bundle.weights));
  const refusal = tampered(bundle, tensors) ?? unfit(bundle, tensors, kinds, training, frequencyMs);
  return { bundle, tensors, refusal };
};

const tampered = ({ weightsHash: registered }: ModelBundle, tensors: readonly NamedTensor[]): string | null => {
  const found = weightsHash(tensors);
  return found === registered
    ? null
    : `its weights are not those that were trained: their hash is ${found.slice(0, 12)}, that of the registered model ${registered.slice(0, 12)}`;
};

const unfit = (
  { observation, bins }: ModelBundle,
  tensors: readonly NamedTensor[],
  kinds: readonly TransferKind[],
  { environment, agent }: TrainingConfig,
  frequencyMs: number,
): string | null => {
  const { features, lookback, featureClip: clip, priceBins: price, quantityBins: quantity } = environment;
  const normaliser = { mean: features.map(() => 0), scale: features.map(() => 1), clip };
  const target: ObservationSchema = { features, lookback, frequencyMs, normaliser };
  const own: ActionBins = { price, quantity };
  if (kinds.includes('distillation') && (bins.price !== price || bins.quantity !== quantity))
    return `it answers for ${bins.price} × ${bins.quantity} bins and the training has ${price} × ${quantity}: a teacher must choose among the same`;
  try {
    if (!kinds.includes('weights')) mapInputs(observation, target);
    else {
      const network = createNetwork(agent, observationSize(target), { ...own });
      const fresh = initialParameters(network, createRandom(0, 'fit')).map((tensor) => ({ ...tensor, name: `online/${tensor.name}` }));
      transferWeights(fresh, target, { tensors, schema: observation }, 0);
    }
    return null;
  } catch (error) {
    if (error instanceof ParentUnfit || error instanceof SchemasDiffer) return error.message;
    throw error;
  }
};
