import { availableParallelism } from 'node:os';
import type { RatchetConfig } from '../../config/ratchet.js';

/** What training takes of the machine: niceness, and threads of one operation (null: TensorFlow's choice). */
export const effort: Readonly<Record<RatchetConfig['performance']['mode'], { readonly nice: number; readonly threads: number | null }>> = {
  quiet: { nice: 19, threads: Math.max(1, Math.floor(availableParallelism() / 2)) },
  normal: { nice: 5, threads: null },
  full: { nice: 0, threads: null },
};

/** The devices that TensorFlow may see (`CUDA_VISIBLE_DEVICES`): those of the worker, all where it names none, and none at all without `gpu`. */
export const visibleDevices = (gpu: boolean, devices: string | undefined): { readonly devices?: string } => {
  if (!gpu) return { devices: '' };
  return devices === undefined ? {} : { devices };
};
