import type { Worker } from '@temporalio/worker';
import type { RunningService } from '../service.js';

/** Runs workers together: they stop together, also when one of them fails. */
export const runWorkers = (workers: readonly Worker[]): RunningService => {
  const stop = (): void => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  const runs = workers.map((worker) => worker.run());
  for (const run of runs) run.catch(stop);
  return { finished: Promise.all(runs).then(() => undefined), stop };
};
