import * as tf from '@tensorflow/tfjs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadNative, type NativeGraph, type NativeTensorflow } from '../native.js';
import type { GraphNode } from './graph.js';
import { packSignature } from './pack.js';
import { orderedInputs, orderedValues, signatureOf, type Executor, type Program, type Values } from './program.js';
import { encodeSavedModel, SAVED_MODEL_TAG } from './saved-model.js';
import { traceProgram } from './trace-program.js';

/**
 * Compiles a program into one TensorFlow graph, in which each signature is a single native call, laid out for `lanes` operations at a time (as many as TensorFlow runs, unless
 * given). Throws `CannotCompile` naming the kernel or attribute that a graph cannot hold, and `NativeUnavailable` without the native library.
 */
export const compile = async (program: Program, lanes?: number): Promise<Executor> => {
  const packed = new Map(Object.entries(program.signatures).map(([name, signature]) => [name, packSignature(signature)]));
  const native = await loadNative();
  const { nodes, signatures } = traceProgram(
    { ...program, signatures: Object.fromEntries([...packed].map(([name, { signature }]) => [name, signature])) },
    lanes ?? native.lanes,
  );
  let graph: NativeGraph | null = await load(native, nodes);

  const call = (name: string, values: readonly Values[]): Record<string, Float32Array> => {
    if (graph === null) throw new Error(`signature ${name} was called after dispose`);
    const { inputs, outputs } = signatures[name]!;
    const feeds = Object.fromEntries(
      Object.values(inputs).map(({ tensor, shape, dtype }, i) => [tensor, tf.tensor(values[i]!, [...shape], dtype)]),
    );
    const names = Object.keys(outputs);
    try {
      const fetched = graph.run(feeds, Object.values(outputs).map(({ tensor }) => tensor)); // prettier-ignore
      const result = Object.fromEntries(fetched.map((tensor, i) => [names[i]!, tensor.dataSync<'float32'>()]));
      tf.dispose(fetched);
      return result;
    } finally {
      tf.dispose(feeds);
    }
  };

  const executor: Executor = {
    run: (name, inputs) => {
      const values = orderedInputs(name, signatureOf(program, name), inputs);
      const { pack, unpack } = packed.get(name)!;
      return unpack(call(name, pack(values)));
    },
    read: () => {
      const values = call('read', []);
      return Object.entries(program.variables).map(([name, shape]) => ({ name, shape, values: values[name]! }));
    },
    write: (state) => void call('write', orderedValues(program.variables, state)),
    dispose: () => {
      graph?.dispose();
      graph = null;
    },
  };
  call(
    'initialise',
    Object.values(program.constants).map(({ values }) => values),
  );
  call(
    'write',
    Object.values(program.variables).map((shape) => new Float32Array(tf.util.sizeFromShape([...shape]))),
  );
  return executor;
};

/** Once it is loaded the folder is not needed. */
const load = async (native: NativeTensorflow, nodes: readonly GraphNode[]): Promise<NativeGraph> => {
  const folder = await mkdtemp(join(tmpdir(), 'ratchet-graph-'));
  try {
    await writeFile(join(folder, 'saved_model.pb'), encodeSavedModel(nodes));
    return native.loadGraph(folder, SAVED_MODEL_TAG);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
