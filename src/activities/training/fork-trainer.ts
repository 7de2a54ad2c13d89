import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { threadsOf } from '../../learning/threads.js';

export interface ForkOptions {
  /** Devices that TensorFlow may see (`CUDA_VISIBLE_DEVICES`); all, when not given. */
  readonly devices?: string;
  /** Processors that TensorFlow works on; all, when not given. */
  readonly processors?: number;
  /** Least grave level that it logs; that of `RATCHET_LOG_LEVEL`, when not given. */
  readonly logLevel?: string;
  /** The trainer's entry file. */
  readonly entry?: string;
}

const ENTRY = fileURLToPath(new URL('../../workers/trainer-child.js', import.meta.url));

/** Starts a trainer process, which waits for its job. */
export const forkTrainer = ({ entry = ENTRY, devices, processors, logLevel }: ForkOptions): ChildProcess =>
  fork(entry, [], {
    detached: true, // a Ctrl-C in the terminal is for the worker, which then asks for a checkpoint
    execArgv: ['--enable-source-maps'],
    env: {
      ...process.env,
      TF_FORCE_GPU_ALLOW_GROWTH: 'true',
      ...(logLevel === undefined ? {} : { RATCHET_LOG_LEVEL: logLevel }),
      ...(devices === undefined ? {} : { CUDA_VISIBLE_DEVICES: devices }),
      ...(processors === undefined ? {} : threadsOf(processors)),
    },
  });
