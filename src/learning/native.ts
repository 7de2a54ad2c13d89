import { availableParallelism } from 'node:os';
import util from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { threadsOf } from './threads.js';

/** A graph with a session of its own, and so with its own variables. */
export interface NativeGraph {
  /** Feeds and fetches tensors by their names in the graph (`node:output`), in one native call. */
  run(feeds: Readonly<Record<string, tf.Tensor>>, fetches: readonly string[]): tf.Tensor[];
  dispose(): void;
}

/** What is used of the native TensorFlow library beside the backend that it registers. */
export interface NativeTensorflow {
  /** Operations that it runs at once. */
  readonly lanes: number;
  /** Loads the graph of that tag from the folder of a SavedModel, which is not needed afterwards. Throws the reason that TensorFlow gives. */
  loadGraph(folder: string, tag: string): NativeGraph;
}

/**
 * The calls of tfjs-node's backend under its `loadSavedModel`, which would parse the whole file in JavaScript for each signature, only to look up
 * the names that we wrote there.
 */
interface SavedModelBackend {
  loadSavedModelMetaGraph(folder: string, tags: string): number;
  runSavedModel(
    session: number,
    inputs: readonly tf.Tensor[],
    infos: readonly { readonly name: string }[],
    outputs: readonly string[],
  ): tf.Tensor[];
  deleteSavedModel(session: number): void;
}

export class NativeUnavailable extends Error {
  override readonly name = 'NativeUnavailable';
}

let loading: Promise<NativeTensorflow> | undefined;

/** Loads the native library, once per process; TensorFlow.js then computes with it. Throws `NativeUnavailable` saying why it cannot be had. */
export const loadNative = (): Promise<NativeTensorflow> => (loading ??= load());

const load = async (): Promise<NativeTensorflow> => {
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '1'; // warnings and errors, without the lines about CPU features
  for (const [name, value] of Object.entries(threadsOf(availableParallelism()))) process.env[name] ??= value;
  putBackRemovedFunctions();
  try {
    await import('@tensorflow/tfjs-node');
    return {
      lanes: Math.max(1, Math.trunc(Number(process.env.TF_NUM_INTEROP_THREADS)) || availableParallelism()),
      loadGraph: (folder, tag) => openGraph(tf.findBackend('tensorflow') as unknown as SavedModelBackend, folder, tag),
    };
  } catch (cause) {
    throw new NativeUnavailable(
      `native TensorFlow cannot be loaded (${cause instanceof Error ? cause.message.split('\n')[0] : String(cause)}): run \`npm run doctor\``,
      { cause },
    );
  }
};

const openGraph = (backend: SavedModelBackend, folder: string, tag: string): NativeGraph => {
  const session = backend.loadSavedModelMetaGraph(folder, tag);
  return {
    run: (feeds, fetches) =>
      backend.runSavedModel(
        session,
        Object.values(feeds),
        Object.keys(feeds).map((name) => ({ name })),
        fetches,
      ),
    dispose: () => backend.deleteSavedModel(session),
  };
};

/** tfjs-node 4.22 calls two functions that Node 23 removed. */
const putBackRemovedFunctions = (): void => {
  const removed = { isNullOrUndefined: (value: unknown) => value === null || value === undefined, isArray: Array.isArray };
  for (const [name, replacement] of Object.entries(removed))
    if (!(name in util)) Object.defineProperty(util, name, { value: replacement, configurable: true });
};
