import assert from 'node:assert/strict';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { createValidationClient } from '../../src/client/validations.js';
import { ratchetConfig } from '../../src/config/ratchet.js';
import { learnerSettings } from '../../src/config/learner-settings.js';
import { trainingRunId } from '../../src/domain/ids.js';
import { taskQueues } from '../../src/domain/orchestration/task-queues.js';
import type { ChunkRequest } from '../../src/domain/training/run-steps.js';
import type { SplitRequest } from '../../src/domain/validation/steps.js';
import * as messages from '../../src/workflows/messages/learner-messages.js';
import { validationPlan } from '../support/evaluation/validation.js';
import { dataFile, freshInstrument, until, withLearner } from '../support/loops/learners.js';
import { stubActivities } from '../support/loops/stubbed-activities.js';
import { temporal } from '../support/services/temporal.js';
import { until as waitUntil } from '../support/until.js';
import { withWorkers } from '../support/services/workers.js';

type Learner = Parameters<Parameters<typeof withLearner>[2]>[0];

const { priorities } = learnerSettings(ratchetConfig.parse({}));
const served = [taskQueues.cpu, taskQueues.deploy];

/** Activities of a workflow that wait for a trainer. */
const waiting = async (client: Client, workflowId: string): Promise<number> => {
  try {
    const { raw } = await client.workflow.getHandle(workflowId).describe();
    return (raw.pendingActivities ?? []).filter(({ activityType }) => ['trainChunk', 'validateSplit'].includes(activityType?.name ?? ''))
      .length;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 0;
    throw error;
  }
};

type DescribeTaskQueue = Parameters<Client['workflowService']['describeTaskQueue']>[0];
/** `TASK_QUEUE_TYPE_ACTIVITY`: Temporal's client does not export its enumerations. */
const ACTIVITY = 2 as unknown as NonNullable<DescribeTaskQueue['taskQueueType']>;

/** Activities that the server holds for trainers: a little later than their workflows wait for them. */
const queued = async ({ workflowService }: Client): Promise<number> => {
  const { stats } = await workflowService.describeTaskQueue({
    namespace: 'default',
    taskQueue: { name: taskQueues.trainer },
    taskQueueType: ACTIVITY,
    reportStats: true,
  });
  return Number(stats?.approximateBacklogCount ?? 0);
};

describe('what waits for a trainer', () => {
  /** What asks the learners for their training, in the order in which they ask: the least urgent first. */
  const asks = {
    schedule: (learner: Learner) => learner.signal(messages.scheduledSignal, { id: 'n', reason: 'nightly' }),
    newData: (learner: Learner) => learner.signal(messages.dataArrivedSignal, dataFile('1')),
    health: (learner: Learner) => learner.signal(messages.healthDegradedSignal, { id: 'h', reason: 'answers NaN' }),
    manual: (learner: Learner) => learner.executeUpdate(messages.retrainUpdate, { args: [{ reason: 'now, please' }] }),
  } as const;

  it('goes by what asked for it: a person first, what a schedule asks for last', async () => {
    const environment = await temporal();
    const { client, nativeConnection: connection } = environment;
    const { activities, calls } = stubActivities({
      beginRun: () => Promise.resolve({ parent: null, trainSteps: 1_000, chunkSteps: 1_000 }),
    });
    const askedBy = new Map<string, string>();
    const before = await queued(client);
    const askAll = async ([next, ...others]: (keyof typeof asks)[]): Promise<void> => {
      if (next === undefined) return trainAll();
      return withLearner(environment, { priorities }, async (handle, instrument) => {
        askedBy.set(instrument, next);
        await asks[next](handle);
        await waitUntil(async () => (await waiting(client, trainingRunId(instrument, 1))) === 1);
        await askAll(others);
        await until(handle, 'a decision', ({ lastDecision }) => lastDecision !== null);
      });
    };
    const trainAll = async (): Promise<void> => {
      await waitUntil(async () => (await queued(client)) >= before + askedBy.size, 30_000, 100);
      const trainer = await Worker.create({
        connection,
        taskQueue: taskQueues.trainer,
        activities: { ...activities },
        maxConcurrentActivityTaskExecutions: 1,
      });
      const trained = (): ChunkRequest[] => calls.flatMap(({ name, request }) => (name === 'trainChunk' ? [request as ChunkRequest] : []));
      await trainer.runUntil(waitUntil(() => trained().length === askedBy.size));
      assert.deepEqual(
        trained().map(({ instrument }) => askedBy.get(instrument)),
        ['manual', 'health', 'newData', 'schedule'],
      );
    };
    await withWorkers({ environment, activities, queues: served }, () => askAll(['schedule', 'newData', 'health', 'manual']));
  });

  it('goes by turns between instruments, however much of one waits', async () => {
    const environment = await temporal();
    const { client, nativeConnection: connection } = environment;
    const { activities, calls } = stubActivities({ planValidation: () => Promise.resolve(validationPlan({ trials: 1, parallel: 6 })) });
    const [chatty, quiet] = [freshInstrument(), freshInstrument()];
    await withWorkers({ environment, activities, queues: served }, async () => {
      const validations = createValidationClient({ client });
      const running: string[] = [];
      for (const instrument of [chatty, quiet]) {
        const { id } = await validations.start({ instrument, method: 'cpcv' });
        await waitUntil(async () => (await waiting(client, id)) === 6);
        running.push(id);
      }
      const trainer = await Worker.create({
        connection,
        taskQueue: taskQueues.trainer,
        activities: { ...activities },
        maxConcurrentActivityTaskExecutions: 1,
      });
      await trainer.runUntil(Promise.all(running.map((id) => validations.result(id))));
    });
    const order = calls.flatMap(({ name, request }) => (name === 'validateSplit' ? [(request as SplitRequest).instrument] : []));
    assert.equal(order.length, 12);
    assert.ok(order.slice(0, 6).filter((instrument) => instrument === quiet).length >= 2, order.join(' '));
  });
});
