import type { ModelBundle } from '../domain/model.js';
import type { ArtifactStore } from '../domain/ports.js';
import type { LiveModel } from '../domain/production.js';
import { observationSize } from '../domain/observation.js';
import { readModelBundle } from '../learning/export/model-bundle.js';
import { openOnnxNetwork } from '../learning/inference/onnx-network.js';
import type { QValues } from '../learning/learner.js';

/** A version that is loaded, warm and answering. */
export interface LivePolicy {
  readonly live: LiveModel;
  readonly bundle: ModelBundle;
  readonly answer: (state: Float32Array) => Promise<QValues>;
  /** Frees the model once the answers under way are given. */
  readonly retire: () => Promise<void>;
}

const WARM_UP_RUNS = 20;

/** Loads a live version's bundle and model, and warms it up. Throws `ArtifactMissing`, `ArtifactCorrupt`, `UnsuitableModel`. */
export const openLivePolicy = async (live: LiveModel, artifacts: ArtifactStore): Promise<LivePolicy> => {
  const bundle = readModelBundle(await artifacts.get(live.bundle));
  const size = observationSize(bundle.observation);
  const network = await openOnnxNetwork({ onnx: await artifacts.get(bundle.onnx), observationSize: size, bins: bundle.bins });
  for (let run = 0; run < WARM_UP_RUNS; run++) await network.answer(new Float32Array(size), 1);
  const underWay = new Set<Promise<unknown>>();
  return {
    live,
    bundle,
    answer(state) {
      const answer = network.answer(state, 1);
      const tracked = answer.catch(() => null).finally(() => underWay.delete(tracked));
      underWay.add(tracked);
      return answer;
    },
    async retire() {
      while (underWay.size > 0) await Promise.all(underWay);
      await network.release();
    },
  };
};
