import ort from 'onnxruntime-node';
import type { ActionBins } from '../../domain/action-codec.js';
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

/** Loads an exported network and asks it once. Throws `UnsuitableModel`. */
export const openOnnxNetwork = async ({ onnx, observationSize: size, bins, threads = 1 }: OnnxNetworkOptions): Promise<OnnxNetwork> => {
  const session = await load(onnx, threads);
  const answer = async (observations: Float32Array, count: number): Promise<QValues> => {
    const given = await session.run({ observation: new ort.Tensor('float32', observations, [count, size]) }, ['price', 'quantity']);
    return { price: floats(given, 'price', count * bins.price), quantity: floats(given, 'quantity', count * bins.quantity) };
  };
  try {
    await answer(new Float32Array(size), 1); // a model for another observation fails here, not in the middle of its work
  } catch (error) {
    await session.release();
    throw error instanceof UnsuitableModel
      ? error
      : new UnsuitableModel(`the model does not take an observation of ${size} numbers`, { cause: error });
  }
  return { answer, release: () => session.release() };
};

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
