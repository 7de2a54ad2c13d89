import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import { sequenceSummary } from '../domain/sequence/card.js';
import { newSequence, restOf, type RequestedTransfer, type SequenceProgress, type SequenceRequest } from '../domain/sequence/sequence.js';
import { taskQueues } from '../domain/orchestration/task-queues.js';
import { progressiveSequence } from '../workflows/progressive-sequence.js';
import { startAttributes } from '../workflows/search-attributes.js';
import { sequenceProgressQuery, transferUpdate } from '../workflows/messages/sequence-messages.js';
import { pauseSignal, resumeSignal, stopSignal } from '../workflows/messages/training-run-messages.js';
import { askQuery } from './ask-query.js';
import { clientError, Refused } from './errors.js';

/** A sequence as Temporal lists it. */
export interface ListedSequence {
  readonly id: string;
  readonly number: number;
  readonly isRunning: boolean;
}

/** No sequence of this instrument is known. */
export class SequenceMissing extends Error {
  override readonly name = 'SequenceMissing';
  constructor(what: string, cause?: Error) {
    super(`there is no ${what}: start one with \`ratchet train --sequence\``, { cause });
  }
}

export type SequenceClient = ReturnType<typeof createSequenceClient>;

const verbs = { pause: pauseSignal, resume: resumeSignal, stop: stopSignal } as const;

/** What people and programs ask of progressive sequences. Every call has a deadline; throws `Refused`, `SequenceMissing`, `NoAnswer`. */
export const createSequenceClient = ({ client, deadlineMs = 30_000 }: { readonly client: Client; readonly deadlineMs?: number }) => {
  const answering =
    (answer: <T>(call: () => Promise<T>) => Promise<T>) =>
    async <T>(of: string, what: string, call: () => Promise<T>): Promise<T> => {
      try {
        return await answer(call);
      } catch (error) {
        throw error instanceof WorkflowNotFoundError ? new SequenceMissing(of, error) : clientError(of, what, error);
      }
    };
  const ask = answering((call) => client.withDeadline(Date.now() + deadlineMs, call));
  const query = answering((call) => askQuery(client, deadlineMs, call));

  /** The newest sequence of an instrument, or null. */
  const newest = (instrument: string): Promise<ListedSequence | null> =>
    ask(instrument, 'list', async () => {
      const prefix = `sequence-${instrument}-`;
      let found: ListedSequence | null = null;
      const query = `WorkflowType = 'progressiveSequence' AND WorkflowId STARTS_WITH '${prefix}'`;
      for await (const { workflowId: id, status } of client.workflow.list({ query })) {
        const digits = id.slice(prefix.length);
        const number = /^\d{6,}$/.test(digits) ? Number(digits) : 0; // another instrument's id may begin alike
        if (number > (found?.number ?? 0)) found = { id, number, isRunning: status.name === 'RUNNING' };
      }
      return found;
    });

  const progress = (id: string): Promise<SequenceProgress> =>
    query(`sequence ${id}`, 'progress', () => client.workflow.getHandle(id).query(sequenceProgressQuery));

  /** Starts a sequence; refused while another one of the instrument runs. Returns its id. */
  const start = async (instrument: string, request: SequenceRequest): Promise<string> => {
    const last = await newest(instrument);
    if (last?.isRunning === true) throw new Refused(`${last.id} runs: wait for its end, or stop it with \`ratchet train --stop\``);
    const sequence = newSequence(instrument, (last?.number ?? 0) + 1, request);
    try {
      await client.withDeadline(Date.now() + deadlineMs, () =>
        client.workflow.start(progressiveSequence, {
          workflowId: sequence.id,
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
          taskQueue: taskQueues.orchestration,
          args: [sequence],
          staticSummary: sequenceSummary(sequence),
          typedSearchAttributes: startAttributes(instrument, sequence.buckets[0]?.bucket ?? 'all'),
        }),
      );
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError)
        throw new Refused(`${sequence.id} was started at the same moment by somebody else`, { cause: error });
      throw clientError(instrument, 'start', error);
    }
    return sequence.id;
  };

  /** Sends `pause`, `resume` or `stop` to a sequence that runs. */
  const tell = (id: string, verb: keyof typeof verbs): Promise<void> =>
    ask(`sequence ${id} that runs`, verb, () => client.workflow.getHandle(id).signal(verbs[verb]));

  return {
    newest,
    start,
    tell,
    progress,

    /** The same to the newest sequence of an instrument; returns its id. */
    async tellNewest(instrument: string, verb: keyof typeof verbs): Promise<string> {
      const last = await newest(instrument);
      if (last?.isRunning !== true) throw new SequenceMissing(`sequence of ${instrument} that runs`);
      await tell(last.id, verb);
      return last.id;
    },

    /** Asks for a transfer: of the sequence that runs, into a bucket that has not begun; else by a sequence of that bucket alone. Returns the sequence's id. */
    async transfer(instrument: string, request: RequestedTransfer): Promise<string> {
      const last = await newest(instrument);
      if (last?.isRunning !== true)
        return start(instrument, { buckets: [{ bucket: request.to }], transfer: true, asked: [request], pauseMs: 0 });
      await ask(`sequence ${last.id}`, 'transfer', () =>
        client.workflow.getHandle(last.id).executeUpdate(transferUpdate, { args: [request] }),
      );
      return last.id;
    },

    /** Goes on with the newest sequence: one that waits is told to, of one that ended the rest is started, from the first of `named` on if given. Returns its id. */
    async resume(instrument: string, named?: readonly string[]): Promise<string> {
      const last = await newest(instrument);
      if (last === null) throw new SequenceMissing(`sequence of ${instrument}`);
      if (last.isRunning) {
        await tell(last.id, 'resume');
        return last.id;
      }
      const rest = restOf(await progress(last.id), named);
      if (rest === null)
        throw new Refused(
          `${last.id} has ${named === undefined ? 'trained all its buckets' : `no bucket ${named.join(' or ')}`}: start another one`,
        );
      return start(instrument, rest);
    },
  };
};
