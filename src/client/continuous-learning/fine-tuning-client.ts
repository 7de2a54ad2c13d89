import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { fineTuningId, type FineTuningResult } from '../../domain/finetuning/export.js';
import { taskQueues } from '../../domain/orchestration/task-queues.js';
import { fineTuningExport } from '../../workflows/fine-tuning-export.js';
import { clientError } from '../errors.js';

export type FineTuningClient = ReturnType<typeof createFineTuningClient>;

/** What became of the newest request for a set. */
export interface NewestSet {
  readonly id: string;
  readonly status: 'running' | 'done' | 'failed';
  /** Of one that is done. */
  readonly result: FineTuningResult | null;
}

/** What programs ask about the fine-tuning sets of an instrument, or, with null, of all. Every call has a deadline; throws `NoAnswer`. */
export const createFineTuningClient = ({ client, deadlineMs }: { readonly client: Client; readonly deadlineMs: number }) => {
  const within = async <T>(what: string, call: () => Promise<T>): Promise<T> => {
    try {
      return await client.withDeadline(Date.now() + deadlineMs, call);
    } catch (error) {
      throw clientError('every instrument', what, error);
    }
  };

  /** Has a set written if it is due; one that is being written goes on. */
  const start = (instrument: string | null) =>
    within('finetune', () =>
      client.workflow.start(fineTuningExport, {
        workflowId: fineTuningId(instrument),
        taskQueue: taskQueues.orchestration,
        workflowIdConflictPolicy: 'USE_EXISTING',
        args: [instrument],
        staticSummary: `a fine-tuning set of ${instrument ?? 'all instruments'}`,
      }),
    );

  return {
    start,

    /** As `start`; gives the id of the workflow. */
    begin: async (instrument: string | null): Promise<string> => (await start(instrument)).workflowId,

    /** Null when none was asked for while Temporal remembers. */
    newest: (instrument: string | null): Promise<NewestSet | null> =>
      within('finetune', async () => {
        const handle = client.workflow.getHandle<typeof fineTuningExport>(fineTuningId(instrument));
        try {
          const { name } = (await handle.describe()).status;
          const status = name === 'RUNNING' ? 'running' : name === 'COMPLETED' ? 'done' : 'failed';
          return { id: handle.workflowId, status, result: status === 'done' ? await handle.result() : null };
        } catch (error) {
          if (error instanceof WorkflowNotFoundError) return null;
          throw error;
        }
      }),
  };
};
