import { readFileSync } from 'node:fs';
import type { ActivityCancellationDetails } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { runTrainerProcess, type TrainerProcessOptions } from '../../../src/activities/training/trainer-process.js';
import type { LogFields, Logger } from '../../../src/domain/ports.js';
import type { TrainerHeartbeat, TrainerProgress, TrainerResult, TrainingJob } from '../../../src/domain/training/trainer-protocol.js';

export interface Attempt {
  readonly result: Promise<TrainerResult>;
  readonly heartbeats: readonly TrainerHeartbeat[];
  /** Messages of the log, with their fields. */
  readonly log: readonly { readonly message: string; readonly fields: LogFields }[];
  /** Process id of the trainer, once training has started. */
  readonly started: Promise<number>;
  /** Resolves at the first progress report from `step` on; rejects when the attempt ends before. */
  reached(step: number): Promise<void>;
  cancel(details: ActivityCancellationDetails): void;
}

/** One attempt of the activity in Temporal's mock environment, with the real trainer process. */
export const startAttempt = (job: TrainingJob, more: Partial<TrainerProcessOptions> = {}, heartbeatDetails?: TrainerHeartbeat): Attempt => {
  const environment = new MockActivityEnvironment({ heartbeatDetails });
  const heartbeats: TrainerHeartbeat[] = [];
  const log: { message: string; fields: LogFields }[] = [];
  const waiting: { step: number; resolve: () => void }[] = [];
  let [tellStarted, step] = [(() => undefined) as (pid: number) => void, -1];
  const started = new Promise<number>((resolve) => (tellStarted = resolve));
  environment.on('heartbeat', (details: TrainerHeartbeat) => heartbeats.push(details));
  const write = (message: string, fields: LogFields = {}): void => {
    log.push({ message, fields });
    if (message === 'training started') tellStarted(Number(fields.pid));
  };
  const logger: Logger = { debug: write, info: write, warn: write, error: write };
  const onProgress = (progress: TrainerProgress): void => {
    step = progress.step;
    for (const waiter of waiting.filter((one) => one.step <= step)) waiter.resolve();
  };
  const result = environment.run<[TrainerProcessOptions], TrainerResult, typeof runTrainerProcess>(runTrainerProcess, {
    job,
    assertEpoch: () => Promise.resolve(),
    logger,
    onProgress,
    ...more,
  });
  result.catch(() => undefined); // awaited later; until then a failure is not unhandled
  return {
    result,
    heartbeats,
    log,
    started,
    reached: (wanted) =>
      step >= wanted
        ? Promise.resolve()
        : Promise.race([
            new Promise<void>((resolve) => waiting.push({ step: wanted, resolve })),
            result.then(() => Promise.reject(new Error(`the attempt ended before step ${wanted}`))),
          ]),
    cancel: (details) => environment.cancel('CANCELLED', details),
  };
};

/** Whether a process exists and is not a zombie. */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};
