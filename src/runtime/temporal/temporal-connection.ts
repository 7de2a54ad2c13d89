import { Connection } from '@temporalio/client';
import type { ConnectionOptions } from '@temporalio/client';

const CALL_TIMEOUT_MS = 3_000;

/**
 * Whether a Temporal server does its whole work for a namespace: the front answers at once after a start, but history and matching
 * take some seconds ("Not enough hosts to serve the request"), so a task queue and a listing are asked for.
 */
export const temporalServes = async (options: ConnectionOptions, namespace: string): Promise<boolean> => {
  try {
    await withConnection(options, async ({ workflowService }) => {
      await workflowService.describeNamespace({ namespace });
      await workflowService.countWorkflowExecutions({ namespace, query: '' });
      await workflowService.describeTaskQueue({ namespace, taskQueue: { name: 'orchestration' } });
    });
    return true;
  } catch {
    return false;
  }
};

/** Connects for the length of one piece of work, each call limited to 3 s. */
export const withConnection = async <Result>(
  options: ConnectionOptions,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> => {
  const connection = await Connection.connect({ ...options, connectTimeout: CALL_TIMEOUT_MS });
  try {
    return await connection.withDeadline(Date.now() + CALL_TIMEOUT_MS, () => work(connection));
  } finally {
    await connection.close();
  }
};
