import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker, type WorkflowBundleOption } from '@temporalio/worker';
import { taskQueues } from '../../../src/domain/orchestration/task-queues.js';
import type { Activities } from '../loops/stubbed-activities.js';
import { workflowBundle } from './temporal.js';

export interface Workers {
  readonly environment: TestWorkflowEnvironment;
  readonly activities: Activities;
  /** 0 replays every workflow task from its history. */
  readonly maxCachedWorkflows?: number;
  /** Other workflows than the product's. */
  readonly bundle?: WorkflowBundleOption;
}

/** Runs a test with one worker per queue, all activities being served on each. */
export const withWorkers = async <T>(
  { environment, activities, maxCachedWorkflows = 50, bundle }: Workers,
  test: () => Promise<T>,
): Promise<T> => {
  const connection = environment.nativeConnection;
  const orchestration = Worker.create({
    connection,
    workflowBundle: bundle ?? (await workflowBundle()),
    maxCachedWorkflows,
    taskQueue: taskQueues.orchestration,
  });
  const others = [taskQueues.cpu, taskQueues.trainer, taskQueues.deploy].map((taskQueue) =>
    Worker.create({ connection, taskQueue, activities: { ...activities }, maxHeartbeatThrottleInterval: '100ms' }),
  );
  const workers = await Promise.all([orchestration, ...others]);
  return workers.reduce<() => Promise<T>>((inner, worker) => () => worker.runUntil(inner), test)();
};
