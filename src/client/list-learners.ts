import type { Client } from '@temporalio/client';
import { learnerId } from '../domain/ids.js';
import { clientError } from './errors.js';

const PREFIX = learnerId('');

/** Ids of the instruments whose learners run, in order. Throws `NoAnswer`. */
export const listLearners = async (client: Client, deadlineMs = 10_000): Promise<string[]> => {
  const found: string[] = [];
  try {
    await client.withDeadline(Date.now() + deadlineMs, async () => {
      for await (const { workflowId } of client.workflow.list({ query: `WorkflowType = 'learner' AND ExecutionStatus = 'Running'` }))
        if (workflowId.startsWith(PREFIX)) found.push(workflowId.slice(PREFIX.length));
    });
  } catch (error) {
    throw clientError('any instrument', 'list', error);
  }
  return found.sort();
};
