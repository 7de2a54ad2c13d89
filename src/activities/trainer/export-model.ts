import { createHash } from 'node:crypto';
import type { TrainingConfig } from '../../config/sections/training.js';
import { canonicalJson } from '../../domain/canonical-json.js';
import { horizonAt } from '../../domain/agent/horizons.js';
import type { ModelBundle } from '../../domain/model/model.js';
import { observationSize, type ObservationSchema } from '../../domain/agent/observation.js';
import type { ArtifactStore } from '../../domain/ports.js';
import type { TrainingJob } from '../../domain/training/trainer-protocol.js';
import { exportOnnx } from '../../learning/export/onnx.js';
import type { NamedTensor } from '../../learning/learner.js';
import { writeSafetensors } from '../../learning/safetensors.js';
import { weightsHash } from '../../learning/weights-hash.js';

export interface ExportedModel {
  readonly job: Pick<TrainingJob, 'instrument' | 'bucket' | 'dataset' | 'shared'>;
  /** Artifact id of the bundle that training really started from. */
  readonly parent: string | null;
  readonly config: TrainingConfig;
  readonly schema: ObservationSchema;
  /** The learner's whole state. */
  readonly tensors: readonly NamedTensor[];
}

/** The horizon that a model is judged and serves with: the middle, on the scale that it was drawn on, where there are several. */
const servedHorizon = ({ shortestHorizon: shortest, horizon: longest }: TrainingConfig['hindsight']): number =>
  shortest === undefined ? longest : horizonAt({ shortest, longest }, 0.5);

/** Stores a trained network as ONNX graph, tensors and bundle; returns the bundle's artifact id. The same model gives the same id. */
export const exportModel = async ({ job, parent, config, schema, tensors }: ExportedModel, artifacts: ArtifactStore): Promise<string> => {
  const { environment: task, agent, hindsight, seed } = config;
  const bins = { price: task.priceBins, quantity: task.quantityBins };
  const bundle: ModelBundle = {
    format: 1,
    instrument: job.instrument.id,
    bucket: job.bucket,
    observation: schema,
    schemaHash: createHash('sha256').update(canonicalJson(schema)).digest('hex'),
    bins,
    onnx: await artifacts.put(
      exportOnnx({ online: tensors, agent, observationSize: observationSize(schema), lookback: schema.lookback, bins }),
    ),
    weights: await artifacts.put(writeSafetensors(tensors)),
    weightsHash: weightsHash(tensors),
    horizon: servedHorizon(hindsight),
    environment: {
      frequency: task.frequency,
      cash: task.cash,
      maxPosition: task.maxPosition,
      lossLimit: task.lossLimit,
      ...(task.regime && { regime: task.regime }),
    },
    dataset: job.dataset.id,
    ...(job.shared && { shared: job.shared.map(({ instrument, dataset }) => ({ instrument: instrument.id, dataset: dataset.id })) }),
    parent,
    seed,
    simulated: job.dataset.simulated,
  };
  return artifacts.put(new TextEncoder().encode(canonicalJson(bundle)));
};
