import { WorkflowFailedError, type Client, type Workflow, type WorkflowHandle, type WorkflowResultType } from '@temporalio/client';
import type { FineTuningResult } from '../../domain/finetuning/export.js';
import { taskQueues } from '../../domain/orchestration/task-queues.js';
import { maintenance } from '../../workflows/maintenance.js';
import { clientError, rootOf } from '../errors.js';
import { createFineTuningClient } from './fine-tuning-client.js';

const DEADLINE_MS = 15_000;

/** What was asked for was begun and failed; the message says why. */
export class WorkFailed extends Error {
  override readonly name = 'WorkFailed';
}

/** Does the nightly house-keeping now, or waits for that which somebody asked for a moment ago; answers in a sentence. Throws `NoAnswer`, `WorkFailed`. */
export const runMaintenance = (client: Client): Promise<string> =>
  toTheEnd(client, 'maintenance', () =>
    client.workflow.start(maintenance, {
      workflowId: 'maintenance-by-hand',
      taskQueue: taskQueues.orchestration,
      workflowIdConflictPolicy: 'USE_EXISTING',
      args: [],
      staticSummary: 'house-keeping that somebody asked for',
    }),
  );

/** Writes the fine-tuning set of an instrument, or of all, if it is due. Throws `NoAnswer`, `WorkFailed`. */
export const runFineTuning = (client: Client, instrument: string | null): Promise<FineTuningResult> =>
  toTheEnd(client, 'finetune', () => createFineTuningClient({ client, deadlineMs: DEADLINE_MS }).start(instrument));

/** Starts a workflow and waits for its result, however long that takes. */
const toTheEnd = async <Work extends Workflow>(
  client: Client,
  what: string,
  start: () => Promise<WorkflowHandle<Work>>,
): Promise<WorkflowResultType<Work>> => {
  try {
    const handle = await client.withDeadline(Date.now() + DEADLINE_MS, start);
    return await handle.result();
  } catch (error) {
    if (error instanceof WorkflowFailedError) throw new WorkFailed(`${what} failed: ${rootOf(error).message}`, { cause: error });
    throw clientError('every instrument', what, error);
  }
};
