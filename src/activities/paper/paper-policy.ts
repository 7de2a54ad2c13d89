import type { BarSeries } from '../../domain/market/bars.js';
import type { ModelBundle } from '../../domain/model/model.js';
import { observationSize } from '../../domain/agent/observation.js';
import type { ArtifactStore, RandomStream } from '../../domain/ports.js';
import type { PaperDecision } from '../../evaluation/paper/trade-on-paper.js';
import { chooseBins } from '../../learning/exploration.js';
import { featureMatrix, writeObservation } from '../../learning/observation.js';
import { computeFeatures } from '../../market/features/compute-features.js';
import { argmax, softmaxMass } from '../../serving/choose.js';
import { openNetwork } from '../../serving/open-network.js';

/** A live model that decides on stored bars; `release` frees it. */
export interface PaperPolicy {
  /** First bar with a whole observation. */
  readonly firstDecision: number;
  readonly decide: (bar: number, privateState: Float32Array, random: RandomStream) => Promise<PaperDecision>;
  readonly release: () => Promise<void>;
}

/** Loads a model as the policy server does, to decide on `bars`; each branch takes a random bin with probability `epsilon`. Throws `UnsuitableModel`, `ArtifactMissing`. */
export const openPaperPolicy = async (
  bundle: ModelBundle,
  { artifacts, bars, epsilon }: { readonly artifacts: ArtifactStore; readonly bars: BarSeries; readonly epsilon: number },
): Promise<PaperPolicy> => {
  const { observation, bins } = bundle;
  const raw = computeFeatures(bars, observation.features);
  const matrix = featureMatrix(raw, observation.normaliser);
  const network = await openNetwork(bundle, artifacts);
  const chosen = Int32Array.of(0);
  const choose = (values: Float32Array, random: RandomStream) => {
    chooseBins(values, values.length, () => epsilon, random, chosen);
    const bin = chosen[0] ?? 0;
    return { bin, mass: softmaxMass(values, bin), propensity: (bin === argmax(values) ? 1 - epsilon : 0) + epsilon / values.length };
  };
  return {
    firstDecision: raw.warmUp + observation.lookback - 1,
    async decide(bar, privateState, random) {
      const state = new Float32Array(observationSize(observation));
      writeObservation(matrix, observation.lookback, bar, privateState, 0, state, 0);
      const values = await network.answer(state, 1);
      const price = choose(values.price.subarray(0, bins.price), random);
      const quantity = choose(values.quantity.subarray(0, bins.quantity), random);
      return {
        price: price.bin,
        quantity: quantity.bin,
        confidence: price.mass * quantity.mass,
        propensity: price.propensity * quantity.propensity,
      };
    },
    release: network.release,
  };
};
