import { availableParallelism } from 'node:os';
import type { RatchetConfig } from '../../config/ratchet.js';

/** What training takes of the machine: niceness, and processors that TensorFlow works on (null: all). */
export const effort: Readonly<Record<RatchetConfig['performance']['mode'], { readonly nice: number; readonly processors: number | null }>> =
  {
    quiet: { nice: 19, processors: Math.max(1, Math.floor(availableParallelism() / 2)) },
    normal: { nice: 5, processors: null },
    full: { nice: 0, processors: null },
  };

/** The devices that TensorFlow may see (`CUDA_VISIBLE_DEVICES`): those of the worker, all where it names none, and none at all without `gpu`. */
export const visibleDevices = (gpu: boolean, devices: string | undefined): { readonly devices?: string } => {
  if (!gpu) return { devices: '' };
  return devices === undefined ? {} : { devices };
};
