import type { ActivityOptions } from '@temporalio/workflow';
import { nonRetryableTypes } from '../domain/failures.js';
import { taskQueues } from '../domain/orchestration/task-queues.js';

const retry = { initialInterval: '1 second', maximumInterval: '30 seconds', nonRetryableErrorTypes: nonRetryableTypes } as const;

/** Timeouts and retries of all activities. Long ones heartbeat; a heartbeat is due after 90 s and sent at most every 5 s (see the workers). */
export const activityProfiles = {
  /** Reads and small writes of the registry: repeated until it answers. */
  registry: { taskQueue: taskQueues.cpu, startToCloseTimeout: '1 minute', retry },
  /** Small and of no harm when it fails: given up on after a minute. */
  planning: { taskQueue: taskQueues.cpu, startToCloseTimeout: '20 seconds', scheduleToCloseTimeout: '1 minute', retry },
  /** Runs what users wrote: once, with limits of its own. */
  userCode: { taskQueue: taskQueues.cpu, startToCloseTimeout: '10 minutes', retry: { ...retry, maximumAttempts: 3 } },
  freezing: { taskQueue: taskQueues.cpu, startToCloseTimeout: '1 hour', heartbeatTimeout: '90 seconds', retry },
  /**
   * Bounded by progress, not by attempts: `NoProgress` ends a run whose attempts get nowhere. An attempt waits 15 s, so that a lost one ends
   * first, and no longer for each that was lost before it; failures that pass later say themselves when.
   */
  training: {
    taskQueue: taskQueues.trainer,
    startToCloseTimeout: '2 hours',
    scheduleToCloseTimeout: '7 days',
    heartbeatTimeout: '90 seconds',
    retry: { ...retry, initialInterval: '15 seconds', backoffCoefficient: 1 },
  },
  evaluation: { taskQueue: taskQueues.cpu, startToCloseTimeout: '1 hour', heartbeatTimeout: '90 seconds', retry },
  annotation: {
    taskQueue: taskQueues.cpu,
    startToCloseTimeout: '10 minutes',
    heartbeatTimeout: '90 seconds',
    retry: { ...retry, maximumAttempts: 5 },
  },
  paper: {
    taskQueue: taskQueues.cpu,
    startToCloseTimeout: '1 hour',
    heartbeatTimeout: '90 seconds',
    retry: { ...retry, maximumAttempts: 5 },
  },
  deployment: { taskQueue: taskQueues.deploy, startToCloseTimeout: '1 minute', retry },
  /** A person waits for the answer: not for ever. */
  asked: { taskQueue: taskQueues.deploy, startToCloseTimeout: '20 seconds', scheduleToCloseTimeout: '1 minute', retry },
  notification: { taskQueue: taskQueues.cpu, startToCloseTimeout: '20 seconds', retry: { ...retry, maximumAttempts: 5 } },
} as const satisfies Record<string, ActivityOptions>;
