import type { ActionBins } from '../../domain/agent/action-codec.js';
import { observationSize } from '../../domain/agent/observation.js';
import { openOnnxNetwork } from '../../learning/inference/onnx-network.js';
import type { FeatureMatrix } from '../../learning/observation.js';
import type { PolicyFunction } from './policy.js';
import { valuePolicy } from './value-policy.js';

export interface OnnxPolicyOptions {
  readonly onnx: Uint8Array;
  /** Features of all bars, normalised as the model's schema says. */
  readonly matrix: FeatureMatrix;
  readonly lookback: number;
  readonly bins: ActionBins;
}

/** A loaded model as a policy; `release` frees the native session. */
export interface OnnxPolicy {
  readonly policy: PolicyFunction;
  readonly release: () => Promise<void>;
}

/** Loads an exported model to decide greedily in a backtest, through the same runtime as serving. Throws `UnsuitableModel` when its answers do not have the shape that bins and observation ask for. */
export const loadOnnxPolicy = async ({ onnx, matrix, lookback, bins }: OnnxPolicyOptions): Promise<OnnxPolicy> => {
  const size = observationSize({ features: matrix.names, lookback });
  const { answer, release } = await openOnnxNetwork({ onnx, observationSize: size, bins });
  return { policy: valuePolicy({ matrix, lookback, bins, values: answer }), release };
};
