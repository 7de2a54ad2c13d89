import type { WorkflowClient } from '@temporalio/client';
import { isUnanswered } from './errors.js';

const TRIES = 3;

/**
 * The answer to a query, asked anew in each third of the deadline: the server never answers one that meets the end of a run, as where a workflow
 * continues as new. A query changes nothing, so that asking twice does no harm. Throws what Temporal's client throws.
 */
export const askQuery = async <T>(client: Pick<WorkflowClient, 'withDeadline'>, deadlineMs: number, ask: () => Promise<T>): Promise<T> => {
  for (let left = TRIES - 1; ; left--) {
    try {
      return await client.withDeadline(Date.now() + deadlineMs / TRIES, ask);
    } catch (error) {
      if (left === 0 || !isUnanswered(error)) throw error;
    }
  }
};
