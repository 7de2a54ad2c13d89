import type { BarRange, BarSeries } from '../../domain/market/bars.js';
import type { ArtifactStore } from '../../domain/ports.js';
import type { TransferPlan } from '../../domain/transfer/plan.js';
import { readModelBundle } from '../../learning/export/model-bundle.js';
import { decodeOnnx } from '../../learning/export/onnx-model.js';
import { featureMatrix, type FeatureMatrix } from '../../learning/observation.js';
import { readTensors } from '../../learning/safetensors.js';
import type { KnowledgeSource } from '../../learning/transfer/apply-transfer.js';
import { computeFeatures } from '../../market/features/compute-features.js';
import { sampleStates } from '../evaluation/sample-states.js';

/** A plan's model as a source of knowledge, with the states that it meets, and the means of its features, in these sessions. Throws `ArtifactMissing`, `UnknownFeature`. */
export const openKnowledge = async (
  { source: id, horizons = [] }: Pick<TransferPlan, 'source' | 'horizons'>,
  artifacts: ArtifactStore,
  bars: BarSeries,
  sessions: readonly BarRange[],
): Promise<KnowledgeSource> => {
  const bundle = readModelBundle(await artifacts.get(id));
  const schema = bundle.observation;
  const matrix = featureMatrix(computeFeatures(bars, schema.features), schema.normaliser);
  return {
    schema,
    tensors: readTensors(await artifacts.get(bundle.weights)),
    graph: decodeOnnx(await artifacts.get(bundle.onnx)),
    states: sampleStates(bundle, matrix, sessions),
    means: Object.fromEntries(matrix.names.map((name, column) => [name, meanOf(matrix, column, sessions)])),
    horizons,
  };
};

const meanOf = ({ names, values }: FeatureMatrix, column: number, sessions: readonly BarRange[]): number => {
  let [sum, count] = [0, 0];
  for (const { from, to } of sessions)
    for (let bar = from; bar < to; bar++) {
      sum += values[bar * names.length + column] ?? 0;
      count++;
    }
  return count === 0 ? 0 : sum / count;
};
