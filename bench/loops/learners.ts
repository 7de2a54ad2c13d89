import { readFile } from 'node:fs/promises';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Client, type WorkflowHandle } from '@temporalio/client';
import type { temporal as proto } from '@temporalio/proto';
import { Worker } from '@temporalio/worker';
import { startOptions } from '../../src/client/learner-client.js';
import { taskQueues } from '../../src/domain/orchestration/task-queues.js';
import { dataArrivedSignal, statusQuery } from '../../src/workflows/messages/learner-messages.js';
import { learner } from '../../src/workflows/learner.js';
import { closeAfterAllTests } from '../../test/support/hooks.js';
import { dataFile, quickSettings } from '../../test/support/loops/learners.js';
import { startService, type Service } from '../../test/support/services/services.js';
import { stubActivities } from '../../test/support/loops/stubbed-activities.js';
import { freshNamespace, temporal } from '../../test/support/services/temporal.js';
import type { Bench, Figure } from '../figure.js';

const MOST_RSS_MB = 1_024;
const SLOWEST_MS = 500;
const SIGNALS_A_SECOND = 100;
/** Events after which the server advises to continue as new, and those that a cycle may add before it is done. */
const HINT = 4_096;
const CYCLE = 100;

/**
 * Many learners on one orchestration worker, a process of its own: its memory, and how long a signal waits until it is handled, by the server's own
 * stamps, at 100 signals a second; then the longest history of one learner over many cycles. `--learners` (200), `--seconds` (20), `--cycles` (1,000).
 */
export const learners: Bench = async (flags) => {
  const { values } = parseArgs({
    args: [...flags],
    options: {
      learners: { type: 'string', default: '200' },
      seconds: { type: 'string', default: '20' },
      cycles: { type: 'string', default: '1000' },
    },
  });
  const environment = await temporal();
  const namespace = freshNamespace();
  const client = new Client({ connection: environment.connection, namespace });
  const { activities } = stubActivities({ freezeDataset: () => Promise.resolve({ kind: 'refused', summary: 'a cycle of no length' }) });
  const workers = await Promise.all(
    [taskQueues.cpu, taskQueues.trainer, taskQueues.deploy].map((taskQueue) =>
      Worker.create({ connection: environment.nativeConnection, namespace, taskQueue, activities: { ...activities } }),
    ),
  );
  const serving = workers.map((worker) => worker.run());
  const orchestration = await startService('orchestration', {
    home: await mkdtemp(join(tmpdir(), 'ratchet-bench-')),
    databaseUrl: '',
    temporalAddress: environment.connection.options.address,
    temporalNamespace: namespace,
    config: '',
  });
  try {
    const crowd = await startCrowd(client, Number(values.learners));
    const latencies = await signalAll(crowd, Number(values.seconds));
    const rssMb = await residentMb(orchestration);
    const longest = await longestHistory(client, Number(values.cycles));
    return [...crowdFigures(crowd.length, rssMb, latencies), historyFigure(Number(values.cycles), longest)];
  } finally {
    await orchestration.stop();
    for (const worker of workers) worker.shutdown();
    await Promise.all(serving);
    await closeAfterAllTests();
  }
};

type Handle = WorkflowHandle<typeof learner>;

/** Learners that take files and do not train on them meanwhile. */
const startCrowd = async (client: Client, count: number): Promise<Handle[]> => {
  const settings = { ...quickSettings, minFiles: 1_000_000 };
  const handles: Handle[] = [];
  for (let index = 0; index < count; index++) {
    const { workflowId } = await client.workflow.start(learner, startOptions(`B${index}`, settings));
    handles.push(client.workflow.getHandle<typeof learner>(workflowId));
  }
  for (const handle of handles) while ((await handle.query(statusQuery)).phase !== 'idle') await delay(100);
  return handles;
};

/** Signals the learners in turn at a steady rate; returns how long each signal waited, in ms. */
const signalAll = async (handles: readonly Handle[], seconds: number): Promise<number[]> => {
  const sending: Promise<void>[] = [];
  const since = performance.now();
  for (let sent = 0; sent < SIGNALS_A_SECOND * seconds; sent++) {
    await delay(Math.max(0, since + (sent * 1_000) / SIGNALS_A_SECOND - performance.now()));
    const handle = handles[sent % handles.length];
    if (handle !== undefined) sending.push(handle.signal(dataArrivedSignal, dataFile(String(sent))));
  }
  await Promise.all(sending);
  const waits: number[] = [];
  for (const handle of handles) {
    await handle.query(statusQuery); // all that came before is handled
    waits.push(...waitsIn((await handle.fetchHistory()).events ?? []));
  }
  return waits.sort((a, b) => a - b);
};

type Event = proto.api.history.v1.IHistoryEvent;

/** From each signal's event to the end of the workflow task that handled it, by the server's clock. */
const waitsIn = (events: readonly Event[]): number[] =>
  events.flatMap((event, index) => {
    if (!event.workflowExecutionSignaledEventAttributes) return [];
    const handled = events.slice(index).find(({ workflowTaskCompletedEventAttributes: done }) => done !== null && done !== undefined);
    return handled === undefined ? [] : [timeOf(handled) - timeOf(event)];
  });

const timeOf = ({ eventTime }: Event): number => Number(eventTime?.seconds ?? 0) * 1_000 + (eventTime?.nanos ?? 0) / 1e6;

const residentMb = async ({ process: { pid } }: Service): Promise<number> => {
  const status = await readFile(`/proc/${pid ?? 'self'}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) / 1_024;
};

/** Events of the longest run of one learner that goes through so many cycles. */
const longestHistory = async (client: Client, cycles: number): Promise<number> => {
  const start = startOptions('CYCLES', { ...quickSettings, quietMs: 1 });
  const { firstExecutionRunId } = await client.workflow.start(learner, start);
  const handle = client.workflow.getHandle<typeof learner>(start.workflowId);
  for (let cycle = 1; cycle <= cycles; cycle++) {
    await handle.signal(dataArrivedSignal, dataFile(`cycle-${cycle}`));
    for (;;) {
      const status = await handle.query(statusQuery);
      if (status.cycle >= cycle && status.runningTraining === null) break;
      await delay(20);
    }
  }
  let longest = 0;
  for (let run: string | null | undefined = firstExecutionRunId; run !== null && run !== undefined;) {
    const { events } = await client.workflow.getHandle(start.workflowId, run).fetchHistory();
    longest = Math.max(longest, events?.length ?? 0);
    run = events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
  }
  return longest;
};

const crowdFigures = (count: number, rssMb: number, latencies: readonly number[]): Figure[] => {
  const p99 = latencies[Math.floor(0.99 * (latencies.length - 1))] ?? Number.NaN;
  return [
    { figure: `memory of a worker with ${count} learners`, value: rssMb, unit: 'MB', limit: MOST_RSS_MB, ratio: MOST_RSS_MB / rssMb },
    {
      figure: `signal to handled, p99 of ${latencies.length} at ${SIGNALS_A_SECOND}/s`,
      value: p99,
      unit: 'ms',
      limit: SLOWEST_MS,
      ratio: SLOWEST_MS / p99,
    },
  ];
};

const historyFigure = (cycles: number, longest: number): Figure => ({
  figure: `longest history of a learner over ${cycles} cycles`,
  value: longest,
  unit: 'events',
  limit: HINT + CYCLE,
  ratio: (HINT + CYCLE) / longest,
});
