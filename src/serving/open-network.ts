import type { ModelBundle } from '../domain/model/model.js';
import { observationSize } from '../domain/agent/observation.js';
import type { ArtifactStore } from '../domain/ports.js';
import { openOnnxNetwork, type OnnxNetwork } from '../learning/inference/onnx-network.js';

export type OpenedNetwork = OnnxNetwork;

/** The first runs of a session allocate and are slower by orders of magnitude. */
const WARM_UP_RUNS = 20;

/** Loads a bundle's network and warms it up. Throws `ArtifactMissing`, `ArtifactCorrupt`, `UnsuitableModel`. */
export const openNetwork = async (bundle: ModelBundle, artifacts: ArtifactStore): Promise<OpenedNetwork> => {
  const size = observationSize(bundle.observation);
  const network = await openOnnxNetwork({ onnx: await artifacts.get(bundle.onnx), observationSize: size, bins: bundle.bins });
  for (let run = 0; run < WARM_UP_RUNS; run++) await network.answer(new Float32Array(size), 1);
  return network;
};
