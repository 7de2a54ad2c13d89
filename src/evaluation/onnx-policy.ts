import ort from 'onnxruntime-node';
import type { ActionBins } from '../domain/action-codec.js';
import { observationSize } from '../domain/observation.js';
import type { FeatureMatrix } from '../learning/observation.js';
import type { PolicyFunction } from './policy.js';
import { valuePolicy, type ValueFunction } from './policies/value-policy.js';

export interface OnnxPolicyOptions {
  /** The exported graph: `observation` [n, size] to `price` [n, price bins] and `quantity` [n, quantity bins]. */
  readonly onnx: Uint8Array;
  /** Features of all bars, normalised as the model's schema says. */
  readonly matrix: FeatureMatrix;
  readonly lookback: number;
  readonly bins: ActionBins;
  /** Threads of one run; 1 unless given, which gives the same bits on every machine of a kind. */
  readonly threads?: number;
}

/** A loaded model as a policy; `release` frees the native session. */
export interface OnnxPolicy {
  readonly policy: PolicyFunction;
  readonly release: () => Promise<void>;
}

export class UnsuitableModel extends Error {
  override readonly name = 'UnsuitableModel';
}

/** Loads an exported model to decide greedily in a backtest, through the same runtime as serving. Throws `UnsuitableModel` when its answers do not have the shape that bins and observation ask for. */
export const loadOnnxPolicy = async ({ onnx, matrix, lookback, bins, threads = 1 }: OnnxPolicyOptions): Promise<OnnxPolicy> => {
  const session = await ort.InferenceSession.create(onnx, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionProviders: ['cpu'],
  });
  const size = observationSize({ features: matrix.names, lookback });
  const values: ValueFunction = async (observations, count) => {
    const answer = await session.run({ observation: new ort.Tensor('float32', observations, [count, size]) }, ['price', 'quantity']);
    return { price: floats(answer, 'price', count * bins.price), quantity: floats(answer, 'quantity', count * bins.quantity) };
  };
  try {
    await values(new Float32Array(size), 1); // a model for another observation fails here, not in the middle of a backtest
  } catch (error) {
    await session.release();
    throw error instanceof UnsuitableModel
      ? error
      : new UnsuitableModel(`the model does not take an observation of ${size} numbers`, { cause: error });
  }
  return { policy: valuePolicy({ matrix, lookback, bins, values }), release: () => session.release() };
};

const floats = (answer: ort.InferenceSession.OnnxValueMapType, name: string, length: number): Float32Array => {
  const data = answer[name]?.data;
  if (data instanceof Float32Array && data.length === length) return data;
  const got = data instanceof Float32Array ? `${data.length} numbers` : 'no floats';
  throw new UnsuitableModel(`the model answers ${got} as ${JSON.stringify(name)}: expected ${length}`);
};
