import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError, type Client, type WorkflowHandle } from '@temporalio/client';
import { DEFAULT_BUCKET } from '../domain/agent/bucket.js';
import { numberOfValidation, validationId } from '../domain/ids.js';
import { queuePriority } from '../domain/orchestration/queue-priority.js';
import { taskQueues } from '../domain/orchestration/task-queues.js';
import type { ValidationResult } from '../domain/validation/report.js';
import type { ValidationMethod, ValidationPlace } from '../domain/validation/steps.js';
import { newValidation, type ValidationProgress } from '../domain/validation/validation-run.js';
import { validationProgressQuery } from '../workflows/messages/validation-messages.js';
import type { validation } from '../workflows/validation.js';
import { askQuery } from './ask-query.js';
import { clientError, Refused } from './errors.js';

/** A validation that was started, or runs already. */
export interface StartedValidation {
  readonly id: string;
  /** False when it ran before it was asked for. */
  readonly started: boolean;
}

export interface ValidationWish {
  readonly instrument: string;
  readonly bucket?: string;
  readonly method: ValidationMethod;
}

/** How far a validation is; `failure` says why one ended without a report, and is null for all others. */
export interface ValidationState extends ValidationProgress {
  readonly failure: string | null;
}

/** No validation has this id. */
export class ValidationMissing extends Error {
  override readonly name = 'ValidationMissing';
  constructor(id: string, cause: Error) {
    super(`there is no validation ${id}: start one with \`ratchet validate\``, { cause });
  }
}

/** A validation ended without a report; the message says why. */
export class ValidationFailed extends Error {
  override readonly name = 'ValidationFailed';
}

export type ValidationClient = ReturnType<typeof createValidationClient>;

/** What people and programs ask of validations. Calls have a deadline, but for `result`; throws `Refused`, `ValidationMissing`, `NoAnswer`. */
export const createValidationClient = ({ client, deadlineMs = 30_000 }: { readonly client: Client; readonly deadlineMs?: number }) => {
  const handleOf = (id: string): WorkflowHandle<typeof validation> => client.workflow.getHandle<typeof validation>(id);
  const ask = async <T>(id: string, what: string, call: () => Promise<T>): Promise<T> => {
    try {
      return await client.withDeadline(Date.now() + deadlineMs, call);
    } catch (error) {
      throw error instanceof WorkflowNotFoundError ? new ValidationMissing(id, error) : clientError(id, what, error);
    }
  };

  const progressOf = (id: string): Promise<ValidationProgress> =>
    askQuery(client, deadlineMs, () => handleOf(id).query(validationProgressQuery));

  /** Waits for the end. Throws `ValidationFailed`. */
  const result = async (id: string): Promise<ValidationResult> => {
    try {
      return await handleOf(id).result();
    } catch (error) {
      throw new ValidationFailed(`${id} ended without a report: ${rootMessage(error)}`, { cause: error });
    }
  };

  return {
    result,

    /** Starts a validation under the instrument's next free number, or finds the same one that runs; refused while another of the instrument runs. */
    start: ({ instrument, bucket = DEFAULT_BUCKET, method }: ValidationWish): Promise<StartedValidation> =>
      ask(instrument, 'validate', async () => {
        for (let number = await newestListed(client, instrument); ; number++) {
          const id = validationId(instrument, number);
          const status = await statusOf(handleOf(id));
          if (status === null && (await start(client, { instrument, bucket, validationId: id }, method))) return { id, started: true };
          if (status !== null && status !== 'RUNNING') continue;
          const running = await progressOf(id);
          if (running.bucket === bucket && running.method === method) return { id, started: false };
          throw new Refused(`${id} runs, of bucket ${running.bucket} by ${running.method}: wait for its end, or cancel it in Temporal`);
        }
      }),

    /** How far a validation is, and why it failed where it did. */
    state: (id: string): Promise<ValidationState> =>
      ask(id, 'progress', async () => {
        const progress = await progressOf(id);
        const status = await statusOf(handleOf(id));
        if (status === 'RUNNING' || status === 'COMPLETED') return { ...progress, failure: null };
        return { ...progress, failure: await result(id).then(() => null, messageOf) };
      }),
  };
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
      staticSummary: `validates the training of ${place.instrument}${place.bucket === DEFAULT_BUCKET ? '' : ` ${place.bucket}`} by ${method}`,
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

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const rootMessage = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? rootMessage(error.cause) : error.message;
};
