import type { WorkerOptions } from '@temporalio/worker';
import type { TaskQueue } from '../../domain/orchestration/task-queues.js';
import { workerIdentity, type TemporalConnection } from './temporal-connection.js';

/**
 * What all activity workers have in common: heartbeats are sent at most every 5 s, and a stopping worker cancels its activities at once, which gives
 * a training a minute to checkpoint.
 */
export const activityWorkerOptions = ({ connection, namespace }: TemporalConnection, taskQueue: TaskQueue) =>
  ({
    connection,
    namespace,
    taskQueue,
    identity: workerIdentity(taskQueue),
    defaultHeartbeatThrottleInterval: '5 seconds',
    maxHeartbeatThrottleInterval: '5 seconds',
    shutdownGraceTime: 0,
    shutdownForceTime: '75 seconds',
  }) as const satisfies Partial<WorkerOptions>;
