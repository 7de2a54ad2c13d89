import { randomUUID } from 'node:crypto';
import { WorkflowNotFoundError, type WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { askQuery } from '../../../src/client/ask-query.js';
import { isUnanswered } from '../../../src/client/errors.js';
import { learnerId } from '../../../src/domain/ids.js';
import type { DataFileMessage } from '../../../src/domain/learner/data-file.js';
import { laterSettings, type LearnerSettings } from '../../../src/domain/learner/settings.js';
import { newLearner } from '../../../src/domain/learner/state.js';
import type { LearnerStatus } from '../../../src/domain/learner/status.js';
import { taskQueues } from '../../../src/domain/orchestration/task-queues.js';
import { statusQuery } from '../../../src/workflows/messages/learner-messages.js';
import { learner } from '../../../src/workflows/learner.js';

/** Settings that let a test's debounce take milliseconds. */
export const quickSettings: LearnerSettings = {
  ...laterSettings,
  enabled: true,
  quietMs: 150,
  maxWaitMs: 60_000,
  minFiles: 1,
  queueOnCompletion: true,
  retryFirstMs: 200,
  retryLongestMs: 1_000,
};

export const dataFile = (name: string): DataFileMessage => ({
  id: `id-${name}`,
  path_id: `ES/${name}.txt`,
  bytes: 100,
  sha256: '0'.repeat(64),
});

/** An instrument id that no other test uses. */
export const freshInstrument = (): string => `T${randomUUID().slice(0, 8)}`;

/** Starts a learner, and ends it and its training when the test is over. */
export const withLearner = async <T>(
  { client }: TestWorkflowEnvironment,
  settings: Partial<LearnerSettings>,
  test: (handle: WorkflowHandle<typeof learner>, instrument: string) => Promise<T>,
): Promise<T> => {
  const instrument = freshInstrument();
  const handle = await client.workflow.start(learner, {
    taskQueue: taskQueues.orchestration,
    workflowId: learnerId(instrument),
    args: [newLearner(instrument, { ...quickSettings, ...settings })],
  });
  try {
    return await test(client.workflow.getHandle<typeof learner>(handle.workflowId), instrument);
  } finally {
    await endQuietly(client.workflow.getHandle(handle.workflowId));
  }
};

/** Waits until the learner's status is as asked; fails with the last status after 20 s. */
export const until = async (
  handle: WorkflowHandle<typeof learner>,
  what: string,
  holds: (status: LearnerStatus) => boolean,
): Promise<LearnerStatus> => {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const status = await askQuery(handle.client, 15_000, () => handle.query(statusQuery)).catch((error: unknown) => {
      if (!isUnanswered(error) || Date.now() > deadline) throw error;
      return null; // a worker that keeps no workflow may lose a query with the one that it puts away
    });
    if (status !== null && holds(status)) return status;
    if (Date.now() > deadline) throw new Error(`not within 20 s: ${what}; the learner is ${JSON.stringify(status)}`);
  }
};

const endQuietly = async (handle: WorkflowHandle): Promise<void> => {
  try {
    await handle.terminate('the test is over');
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
};
