import * as tf from '@tensorflow/tfjs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadNative, type NativeSignature } from '../native.js';
import { orderedInputs, orderedValues, signatureOf, type Executor, type Program, type Values } from './program.js';
import { encodeSavedModel, SAVED_MODEL_TAG } from './saved-model.js';
import { traceProgram, type TracedProgram } from './trace-program.js';

/**
 * Compiles a program into one TensorFlow graph, in which each signature is a single native call. Throws `CannotCompile` naming the kernel or
 * attribute that a graph cannot hold, and `NativeUnavailable` without the native library.
 */
export const compile = async (program: Program): Promise<Executor> => {
  const traced = traceProgram(program);
  const loaded = await load(traced);

  const call = (name: string, values: readonly Values[]): Record<string, Float32Array> => {
    const signature = loaded.get(name);
    if (signature === undefined) throw new Error(`signature ${name} was called after dispose`);
    const specs = Object.entries(traced.signatures[name]!.inputs);
    const inputs = Object.fromEntries(specs.map(([key, { shape, dtype }], i) => [key, tf.tensor(values[i]!, [...shape], dtype)]));
    try {
      return fetch(signature.predict(inputs));
    } finally {
      tf.dispose(inputs);
    }
  };

  const executor: Executor = {
    run: (name, inputs) => call(name, orderedInputs(name, signatureOf(program, name), inputs)),
    read: () => {
      const values = call('read', []);
      return Object.entries(program.variables).map(([name, shape]) => ({ name, shape, values: values[name]! }));
    },
    write: (state) => void call('write', orderedValues(program.variables, state)),
    dispose: () => {
      for (const signature of loaded.values()) signature.dispose();
      loaded.clear();
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

/** Signatures of one folder and tag share a session, and so its variables; once all are loaded the folder is not needed. */
const load = async ({ nodes, signatures }: TracedProgram): Promise<Map<string, NativeSignature>> => {
  const native = await loadNative();
  const loaded = new Map<string, NativeSignature>();
  const folder = await mkdtemp(join(tmpdir(), 'ratchet-graph-'));
  try {
    await writeFile(join(folder, 'saved_model.pb'), encodeSavedModel(nodes, signatures));
    for (const name of Object.keys(signatures)) loaded.set(name, await native.loadSavedModel(folder, [SAVED_MODEL_TAG], name));
  } catch (error) {
    for (const signature of loaded.values()) signature.dispose();
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return loaded;
};

const fetch = (outputs: ReturnType<NativeSignature['predict']>): Record<string, Float32Array> => {
  if (outputs instanceof tf.Tensor || Array.isArray(outputs)) throw new TypeError('a signature gave its outputs without names');
  const values = Object.entries(outputs).map(([name, tensor]): [string, Float32Array] => [name, tensor.dataSync<'float32'>()]);
  tf.dispose(outputs);
  return Object.fromEntries(values);
};
