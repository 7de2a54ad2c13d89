import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, ServiceError, type WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { createFileListActivities, readFileLists } from '../../../src/activities/market/file-lists.js';
import { openFolderStore } from '../../../src/artifacts/folder-store.js';
import { startOptions } from '../../../src/client/learner-client.js';
import { learnerId } from '../../../src/domain/ids.js';
import type { Ledger } from '../../../src/domain/learner/ledger.js';
import type { LearnerSettings } from '../../../src/domain/learner/settings.js';
import type { LearnerStatus } from '../../../src/domain/learner/status.js';
import type { FreezeRequest } from '../../../src/domain/training/run-steps.js';
import { taskQueues } from '../../../src/domain/orchestration/task-queues.js';
import { createRandom } from '../../../src/learning/random.js';
import { dataArrivedSignal, experiencesAddedSignal, ledgerQuery, statusQuery } from '../../../src/workflows/messages/learner-messages.js';
import { learner } from '../../../src/workflows/learner.js';
import { dataFile, freshInstrument, quickSettings } from './learners.js';
import { stubActivities, type Activities } from './stubbed-activities.js';

export interface Flood {
  readonly environment: TestWorkflowEnvironment;
  readonly namespace: string;
  readonly settings: Partial<LearnerSettings>;
  readonly kind: 'files' | 'experiences';
  /** Unique ids of each round; a fifth of them, and of those before, is sent again. */
  readonly rounds: readonly number[];
  /** Ids in one signal. */
  readonly batch: number;
  /** How long each training takes, and the pause after each signal, so that most come while one runs; no time at all unless given. */
  readonly meanwhile?: { readonly trainingMs: number; readonly pauseMs: number };
  /** Called once a round is on its way, before its last signals. */
  readonly disturb?: (round: number) => Promise<void>;
}

export interface FloodResult {
  readonly sent: ReadonlySet<string>;
  readonly sends: number;
  readonly signals: number;
  /** Ids of files in the order in which trainings took them, repeats included. */
  readonly processed: readonly string[];
  /** Trainings after each round. */
  readonly cycles: readonly number[];
  readonly status: LearnerStatus;
  readonly ledger: Ledger;
  /** Runs of the learner's workflow, each continued as the next. */
  readonly runs: number;
}

/** Floods a new learner with messages, shuffled and with repeats from every round so far, and waits after each round until it rests. */
export const flood = async ({ environment, namespace, settings, kind, rounds, batch, meanwhile, disturb }: Flood): Promise<FloodResult> => {
  const client = new Client({ connection: environment.connection, namespace });
  const artifacts = await openFolderStore(await mkdtemp(join(tmpdir(), 'ratchet-flood-')));
  const { activities, calls } = stubActivities({ ...createFileListActivities({ artifacts }) });
  const queues = [taskQueues.cpu, taskQueues.trainer, taskQueues.deploy];
  const connection = environment.nativeConnection;
  const workers = await Promise.all(
    queues.map((taskQueue) =>
      Worker.create({ connection, namespace, taskQueue, activities: { ...slowly(activities, meanwhile?.trainingMs ?? 0) } }),
    ),
  );
  const serving = workers.map((worker) => worker.run());
  try {
    const instrument = freshInstrument();
    const start = startOptions(instrument, { ...quickSettings, ...settings });
    const handle = client.workflow.getHandle<typeof learner>(learnerId(instrument));
    const random = createRandom(17, 'flood');
    const sent = new Set<string>();
    const cycles: number[] = [];
    const { firstExecutionRunId: firstRun } = await client.workflow.start(learner, start);
    let sends = 0;
    let signals = 0;
    for (const [round, unique] of rounds.entries()) {
      const fresh = Array.from({ length: unique }, (_, index) => `${round}-${index}`);
      for (const id of fresh) sent.add(id);
      const known = [...sent];
      const repeats = Array.from({ length: unique / 4 }, () => known[random.integer(known.length)]!);
      const ids = shuffled([...fresh, ...repeats], (bound) => random.integer(bound));
      const batches = Array.from({ length: Math.ceil(ids.length / batch) }, (_, index) => ids.slice(index * batch, (index + 1) * batch));
      const send = (part: readonly string[]): Promise<unknown> =>
        untilTaken(() =>
          kind === 'files'
            ? client.workflow.signalWithStart(learner, { ...start, signal: dataArrivedSignal, signalArgs: [part.map(dataFile)] })
            : client.workflow.signalWithStart(learner, {
                ...start,
                signal: experiencesAddedSignal,
                signalArgs: [part.map((id) => ({ id, count: 1 }))],
              }),
        );
      const half = Math.ceil(batches.length / 2);
      const sendAll = async (parts: readonly (readonly string[])[]): Promise<void> => {
        if (meanwhile === undefined) await Promise.all(parts.map(send));
        else for (const part of parts) await Promise.all([send(part), delay(meanwhile.pauseMs)]);
      };
      await sendAll(batches.slice(0, half));
      await Promise.all([disturb?.(round), sendAll(batches.slice(half))]);
      sends += ids.length;
      signals += batches.length;
      cycles.push((await untilResting(client, handle, kind, sent.size)).cycle);
    }
    const processed = await Promise.all(
      calls.flatMap(({ name, request }) => (name === 'freezeDataset' ? [filesOf(request as FreezeRequest, artifacts)] : [])),
    );
    const runs = await runsInChain(client, learnerId(instrument), firstRun);
    const [status, ledger] = [await handle.query(statusQuery), await handle.query(ledgerQuery)];
    await handle.terminate('the flood is over');
    return { sent, sends, signals, processed: processed.flat(), cycles, status, ledger, runs };
  } finally {
    for (const worker of workers) worker.shutdown();
    await Promise.all(serving);
  }
};

/** The activities, with trainings that take a while. */
const slowly = (activities: Activities, trainingMs: number): Activities => ({
  ...activities,
  async trainChunk(request) {
    await delay(trainingMs);
    return activities.trainChunk(request);
  },
});

/** Runs of a workflow from its first on, each continued as the next. */
const runsInChain = async (client: Client, workflowId: string, firstRun: string): Promise<number> => {
  let runs = 0;
  for (let run: string | null | undefined = firstRun; run !== null && run !== undefined; runs++) {
    const { events } = await client.workflow.getHandle(workflowId, run).fetchHistory();
    run = events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
  }
  return runs;
};

const filesOf = async ({ files, lists }: FreezeRequest, artifacts: Parameters<typeof readFileLists>[0]): Promise<string[]> =>
  [...files, ...(await readFileLists(artifacts, lists))].map(({ id }) => id.replace(/^id-/, ''));

/** Sends until Temporal has taken it: a rejected signal is sent again. */
const untilTaken = async (send: () => Promise<unknown>): Promise<void> => {
  for (;;)
    try {
      await send();
      return;
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      await delay(200); // the server asks for less at a time
    }
};

/** Waits until everything was counted or taken and nothing runs or waits for its time. */
const untilResting = async (
  client: Client,
  handle: WorkflowHandle<typeof learner>,
  kind: Flood['kind'],
  unique: number,
): Promise<LearnerStatus> => {
  const deadline = Date.now() + 300_000;
  for (;;) {
    // A query that meets a run which is just continued as another one is never answered.
    const ask = <T>(query: () => Promise<T>): Promise<T | null> => client.withDeadline(Date.now() + 5_000, query).catch(() => null);
    const status = await ask(() => handle.query(statusQuery));
    const { entries = [] } = (await ask(() => handle.query(ledgerQuery))) ?? {};
    const isOpen = entries.some(({ outcome }) => outcome.kind === 'waiting' || outcome.kind === 'deferred');
    const isTaken = kind === 'files' ? status?.pendingFiles === 0 : (status?.experiences.total ?? 0) >= unique;
    if (status?.phase === 'idle' && isTaken && !isOpen && entries.length > 0) return status;
    if (Date.now() > deadline) throw new Error(`the learner does not come to rest: ${JSON.stringify(status)}`);
    await delay(50); // a query is an event of nobody's history, and the machine has other things to do
  }
};

const shuffled = <T>(items: readonly T[], integer: (bound: number) => number): T[] => {
  const result = [...items];
  for (let index = result.length - 1; index > 0; index--) {
    const other = integer(index + 1);
    [result[index], result[other]] = [result[other]!, result[index]!];
  }
  return result;
};
