import ort from 'onnxruntime-node';
import type { ActionBins } from '../../domain/agent/action-codec.js';
import type { QValues } from '../learner.js';

export interface OnnxNetworkOptions {
  /** The exported graph: `observation` [n, size] to `price` [n, price bins] and `quantity` [n, quantity bins]. */
  readonly onnx: Uint8Array;
  readonly observationSize: number;
  readonly bins: ActionBins;
  /** Threads of one run; 1 unless given, which gives the same bits on every machine of a kind. */
  readonly threads?: number;
}

/** A loaded network; `release` frees the native session. */
export interface OnnxNetwork {
  /** Q-values of `count` observations, [count × size] row-major. */
  readonly answer: (observations: Float32Array, count: number) => Promise<QValues>;
  readonly release: () => Promise<void>;
}

/** A model that does not have the shape that its bins and observation ask for, or answers with what is no number: asking it again does not help. */
export class UnsuitableModel extends Error {
  override readonly name = 'UnsuitableModel';
}

/** Rows of the question that tells whether an observation gets the same bits alone and in a batch. */
const TRIAL_ROWS = 33;

/**
 * Loads an exported network and asks it. An observation gets the same bits alone, as in serving, and in any batch, as in a backtest; where the
 * machine's kernels, or an older export, do not give that, it is asked row by row, which is slower. Throws `UnsuitableModel`.
 */
export const openOnnxNetwork = async ({ onnx, observationSize: size, bins, threads = 1 }: OnnxNetworkOptions): Promise<OnnxNetwork> => {
  const session = await load(onnx, threads);
  const atOnce = async (observations: Float32Array, count: number): Promise<QValues> => {
    const given = await session.run({ observation: new ort.Tensor('float32', observations, [count, size]) }, ['price', 'quantity']);
    return { price: floats(given, 'price', count * bins.price), quantity: floats(given, 'quantity', count * bins.quantity) };
  };
  const rowByRow = async (observations: Float32Array, count: number): Promise<QValues> => {
    const values = { price: new Float32Array(count * bins.price), quantity: new Float32Array(count * bins.quantity) };
    for (let row = 0; row < count; row++) {
      const { price, quantity } = await atOnce(observations.subarray(row * size, (row + 1) * size), 1);
      values.price.set(price, row * bins.price);
      values.quantity.set(quantity, row * bins.quantity);
    }
    return values;
  };
  /** Whether this machine's kernels and this model give the same bits alone and in a batch: tried with the first batch, which serving never asks. */
  const batch = async (): Promise<typeof atOnce> => {
    const trial = Float32Array.from({ length: TRIAL_ROWS * size }, (_, i) => Math.sin(i));
    return isSame(await rowByRow(trial, TRIAL_ROWS), await atOnce(trial, TRIAL_ROWS)) ? atOnce : rowByRow;
  };
  let tried: Promise<typeof atOnce> | null = null;
  try {
    await atOnce(new Float32Array(size), 1); // a model for another observation fails here, not in the middle of its work
  } catch (error) {
    await session.release();
    throw error instanceof UnsuitableModel
      ? error
      : new UnsuitableModel(`the model does not take an observation of ${size} numbers`, { cause: error });
  }
  return {
    answer: async (observations, count) => (count === 1 ? atOnce : await (tried ??= batch()))(observations, count),
    release: () => session.release(),
  };
};

const isSame = (one: QValues, other: QValues): boolean =>
  one.price.every((value, i) => Object.is(value, other.price[i])) && one.quantity.every((value, i) => Object.is(value, other.quantity[i]));

const load = async (onnx: Uint8Array, threads: number): Promise<ort.InferenceSession> => {
  try {
    return await ort.InferenceSession.create(onnx, { intraOpNumThreads: threads, interOpNumThreads: 1, executionProviders: ['cpu'] });
  } catch (error) {
    throw new UnsuitableModel(
      `the model file of ${onnx.length} bytes cannot be loaded: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
};

const floats = (given: ort.InferenceSession.OnnxValueMapType, name: string, length: number): Float32Array => {
  const data = given[name]?.data;
  if (data instanceof Float32Array && data.length === length) return data;
  const got = data instanceof Float32Array ? `${data.length} numbers` : 'no floats';
  throw new UnsuitableModel(`the model answers ${got} as ${JSON.stringify(name)}: expected ${length}`);
};
