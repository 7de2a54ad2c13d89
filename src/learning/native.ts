import util from 'node:util';
import type { Tensor } from '@tensorflow/tfjs';

/** A signature of a loaded SavedModel: one native call from inputs to outputs. */
export interface NativeSignature {
  predict(inputs: Record<string, Tensor>): Tensor | Tensor[] | Record<string, Tensor>;
  dispose(): void;
}

/** What is used of the native TensorFlow library beside the backend that it registers. */
export interface NativeTensorflow {
  loadSavedModel(folder: string, tags: string[], signature: string): Promise<NativeSignature>;
}

export class NativeUnavailable extends Error {
  override readonly name = 'NativeUnavailable';
}

let loading: Promise<NativeTensorflow> | undefined;

/** Loads the native library, once per process; TensorFlow.js then computes with it. Throws `NativeUnavailable` saying why it cannot be had. */
export const loadNative = (): Promise<NativeTensorflow> => (loading ??= load());

const load = async (): Promise<NativeTensorflow> => {
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '1'; // warnings and errors, without the lines about CPU features
  putBackRemovedFunctions();
  try {
    const { node } = await import('@tensorflow/tfjs-node');
    return { loadSavedModel: (folder, tags, signature) => node.loadSavedModel(folder, tags, signature) };
  } catch (cause) {
    throw new NativeUnavailable(
      `native TensorFlow cannot be loaded (${cause instanceof Error ? cause.message.split('\n')[0] : String(cause)}): run \`npm run doctor\``,
      { cause },
    );
  }
};

/** tfjs-node 4.22 calls two functions that Node 23 removed. */
const putBackRemovedFunctions = (): void => {
  const removed = { isNullOrUndefined: (value: unknown) => value === null || value === undefined, isArray: Array.isArray };
  for (const [name, replacement] of Object.entries(removed))
    if (!(name in util)) Object.defineProperty(util, name, { value: replacement, configurable: true });
};
