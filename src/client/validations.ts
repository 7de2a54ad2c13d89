import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError, type Client, type WorkflowHandle } from '@temporalio/client';
import { numberOfValidation, validationId } from '../domain/ids.js';
import { queuePriority } from '../domain/orchestration/queue-priority.js';
import { taskQueues } from '../domain/orchestration/task-queues.js';
import type { ValidationMethod, ValidationPlace } from '../domain/validation/steps.js';
import { newValidation, type ValidationProgress } from '../domain/validation/validation-run.js';
import { validationProgressQuery } from '../workflows/messages/validation-messages.js';
import type { validation } from '../workflows/validation.js';
import { askQuery } from './ask-query.js';
import { clientError } from './errors.js';

/** A validation that runs. */
export interface RunningValidation {
  readonly handle: WorkflowHandle<typeof validation>;
  /** False when it ran before it was asked for. */
  readonly started: boolean;
}

/** Starts a validation of an instrument under the next free number, or finds the one that runs. Throws `NoAnswer`. */
export const startValidation = async (
  client: Client,
  { instrument, bucket = 'default', method }: { readonly instrument: string; readonly bucket?: string; readonly method: ValidationMethod },
  deadlineMs = 30_000,
): Promise<RunningValidation> => {
  try {
    return await client.withDeadline(Date.now() + deadlineMs, async () => {
      for (let number = await newestListed(client, instrument); ; number++) {
        const handle = client.workflow.getHandle<typeof validation>(validationId(instrument, number));
        const status = await statusOf(handle);
        if (status === 'RUNNING') return { handle, started: false };
        if (status === null)
          return { handle, started: await start(client, { instrument, bucket, validationId: handle.workflowId }, method) };
      }
    });
  } catch (error) {
    throw clientError(instrument, 'validate', error);
  }
};

/** How far a validation is. Throws `NoAnswer`. */
export const progressOfValidation = async (
  { handle }: RunningValidation,
  instrument: string,
  deadlineMs = 10_000,
): Promise<ValidationProgress> => {
  try {
    return await askQuery(handle.client, deadlineMs, () => handle.query(validationProgressQuery));
  } catch (error) {
    throw clientError(instrument, 'progress', error);
  }
};

/** A validation waits for every training. */
const LAST = 5;

/** False when somebody else started it in this moment. */
const start = async (client: Client, place: ValidationPlace, method: ValidationMethod): Promise<boolean> => {
  try {
    await client.workflow.start<typeof validation>('validation', {
      workflowId: place.validationId,
      taskQueue: taskQueues.orchestration,
      args: [newValidation(place, method)],
      staticSummary: `validates the training of ${place.instrument} by ${method}`,
      priority: queuePriority(place.instrument, LAST),
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
};

/** Name of a workflow's status; null for one that does not exist. */
const statusOf = async (handle: WorkflowHandle<typeof validation>): Promise<string | null> => {
  try {
    return (await handle.describe()).status.name;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
};

/** The largest number that is listed, where the search for a free one begins (lists lag behind); 1 when there is none. */
const newestListed = async (client: Client, instrument: string): Promise<number> => {
  let newest = 1;
  for await (const { workflowId } of client.workflow.list({ query: `WorkflowType = 'validation' AND Instrument = '${instrument}'` }))
    newest = Math.max(newest, numberOfValidation(instrument, workflowId) ?? 0);
  return newest;
};
