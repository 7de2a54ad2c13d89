import type { Client } from '@temporalio/client';
import { annotationId } from '../domain/ids.js';
import { taskQueues } from '../domain/orchestration/task-queues.js';
import { annotation } from '../workflows/annotation.js';

const DEADLINE_MS = 10_000;

/** Has an instrument's unexplained trades explained; what is under way already goes on. Throws what Temporal's client throws. */
export const startAnnotation = async (client: Client, instrument: string): Promise<void> => {
  await client.withDeadline(Date.now() + DEADLINE_MS, () =>
    client.workflow.start(annotation, {
      workflowId: annotationId(instrument),
      taskQueue: taskQueues.orchestration,
      workflowIdConflictPolicy: 'USE_EXISTING',
      args: [instrument],
      staticSummary: `explains the trades of ${instrument}`,
    }),
  );
};
