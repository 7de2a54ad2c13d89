import type { Client } from '@temporalio/client';
import { learnerId } from '../domain/ids.js';
import { clientError } from './errors.js';

const DEADLINE_MS = 10_000;
const PREFIX = learnerId('');

/** Ids of the instruments whose learners run, in order. Throws `NoAnswer`. */
export const listLearners = async (client: Client): Promise<string[]> => {
  const found: string[] = [];
  try {
    await client.withDeadline(Date.now() + DEADLINE_MS, async () => {
      for await (const { workflowId } of client.workflow.list({ query: `WorkflowType = 'learner' AND ExecutionStatus = 'Running'` }))
        if (workflowId.startsWith(PREFIX)) found.push(workflowId.slice(PREFIX.length));
    });
  } catch (error) {
    throw clientError('any instrument', 'list', error);
  }
  return found.sort();
};
