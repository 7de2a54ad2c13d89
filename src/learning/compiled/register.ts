import * as tf from '@tensorflow/tfjs';
import { fusedKernels } from './fused.js';
import type { Kernel } from './kernel.js';
import { kernels } from './kernels.js';
import { CannotCompile, currentTrace, TRACE_BACKEND } from './trace-backend.js';
import { updateKernels } from './updates.js';

let registered = false;

/** Makes the table of kernels known to TensorFlow.js, once per process, and every other kernel that it has a refusal by name. */
export const registerTraceKernels = (): void => {
  if (registered) return;
  registered = true;
  const table: Readonly<Record<string, Kernel>> = { ...kernels, ...fusedKernels, ...updateKernels };
  for (const [name, { record }] of Object.entries(table)) register(name, record);
  const others = new Set(['tensorflow', 'cpu'].flatMap((backend) => tf.getKernelsForBackend(backend)).map(({ kernelName }) => kernelName));
  for (const name of others) if (!Object.hasOwn(table, name)) register(name, unknownKernel);
};

const register = (kernelName: string, record: Kernel['record']): void =>
  tf.registerKernel({
    kernelName,
    backendName: TRACE_BACKEND,
    kernelFunc: ({ inputs, attrs }) => {
      try {
        return record(currentTrace(), inputs, { ...attrs });
      } catch (error) {
        if (error instanceof CannotCompile) throw new CannotCompile(`kernel ${kernelName}: ${error.message}`);
        throw error;
      }
    },
  });

const unknownKernel: Kernel['record'] = () => {
  throw new CannotCompile(
    'is not in the table of kernels that can be compiled (src/learning/compiled/kernels.ts): add it there, with a test',
  );
};
