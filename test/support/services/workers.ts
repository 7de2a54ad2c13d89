import assert from 'node:assert/strict';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker, type WorkflowBundleOption } from '@temporalio/worker';
import { taskQueues, type TaskQueue } from '../../../src/domain/orchestration/task-queues.js';
import type { Activities } from '../loops/stubbed-activities.js';
import { workflowBundle } from './temporal.js';

export interface Workers {
  readonly environment: TestWorkflowEnvironment;
  readonly activities: Activities;
  /** `default` unless given. */
  readonly namespace?: string;
  /** Whether workflows are served; they are unless the test has workers of its own for them. */
  readonly workflows?: boolean;
  /** 0 replays every workflow task from its history. */
  readonly maxCachedWorkflows?: number;
  /** Where activities are served; everywhere unless given. */
  readonly queues?: readonly TaskQueue[];
  /** Other workflows than the product's. */
  readonly bundle?: WorkflowBundleOption;
}

const activityQueues = [taskQueues.cpu, taskQueues.trainer, taskQueues.deploy] as const;

/** How long what is under way at the end of a test may take: an activity that a failed test still holds must not hold its failure. */
const GRACE = '3 seconds';

/** Runs a test with one worker per queue, all activities being served on each; ends with the test, also when it fails while an activity is held. */
export const withWorkers = async <T>(
  { environment, activities, namespace = 'default', workflows = true, maxCachedWorkflows = 50, queues = activityQueues, bundle }: Workers,
  test: () => Promise<T>,
): Promise<T> => {
  const common = { connection: environment.nativeConnection, namespace, shutdownForceTime: GRACE } as const;
  const orchestration = async (): Promise<Worker> =>
    Worker.create({
      ...common,
      workflowBundle: bundle ?? (await workflowBundle()),
      maxCachedWorkflows,
      taskQueue: taskQueues.orchestration,
    });
  const others = queues.map((taskQueue) =>
    Worker.create({ ...common, taskQueue, activities: { ...activities }, maxHeartbeatThrottleInterval: '100ms' }),
  );
  const workers = await Promise.all([...(workflows ? [orchestration()] : []), ...others]);
  const serving = workers.map((worker) => worker.run());
  const brokenOff = Promise.all(serving).then(() => assert.fail('the workers ended before the test'));
  const stop = (): void => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  try {
    const result = await Promise.race([test(), brokenOff]);
    stop();
    await Promise.all(serving);
    return result;
  } catch (error) {
    stop();
    await Promise.allSettled(serving); // what the test left waiting is forced to end, which is an error of its own
    throw error;
  }
};
