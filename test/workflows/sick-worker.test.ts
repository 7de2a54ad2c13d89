import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@temporalio/client';
import { createLearnerClient } from '../../src/client/learner-client.js';
import { learnerId } from '../../src/domain/ids.js';
import { newLearner } from '../../src/domain/learner/state.js';
import { taskQueues } from '../../src/domain/orchestration/task-queues.js';
import type { FreezeRequest } from '../../src/domain/training/run-steps.js';
import { learner } from '../../src/workflows/learner.js';
import { dataArrivedSignal } from '../../src/workflows/messages/learner-messages.js';
import { afterAllTests } from '../support/hooks.js';
import { dataFile, quickSettings } from '../support/loops/learners.js';
import { stubActivities, type Activities } from '../support/loops/stubbed-activities.js';
import { startService, type Service } from '../support/services/services.js';
import { freshNamespace, temporal } from '../support/services/temporal.js';
import { until } from '../support/until.js';
import { withWorkers } from '../support/services/workers.js';

const isLong = process.env.RATCHET_FAULTS === 'long';
const BLOCKED_MS = isLong ? 60_000 : 4_000;
/** After which a workflow task is given out again; 10 s is the server's default. */
const TASK_TIMEOUT = isLong ? '10 seconds' : '1 second';
const NAMES = Array.from({ length: 50 }, (_, index) => String(index));

interface Place {
  readonly service: Service;
  readonly client: Client;
}

/** Starts a worker of the workflows with a module preloaded, in a namespace of its own, and ends it after the test. Answers its home. */
const withSickWorker = async (module: string, activities: Activities, test: (place: Place) => Promise<void>) => {
  const environment = await temporal();
  const { connection } = environment;
  const namespace = freshNamespace();
  const home = await mkdtemp(join(tmpdir(), 'ratchet-sick-'));
  afterAllTests(() => rm(home, { recursive: true, force: true }));
  const service = await startService('orchestration', {
    home,
    databaseUrl: '',
    temporalAddress: connection.options.address,
    temporalNamespace: namespace,
    config: '',
    nodeOptions: `--import=${new URL(module, import.meta.url).href}`,
  });
  try {
    const client = new Client({ connection, namespace });
    await withWorkers({ environment, activities, namespace, workflows: false }, () => test({ service, client }));
  } finally {
    await service.stop();
  }
  return home;
};

describe('a worker of the workflows', function () {
  this.timeout(180_000);

  it('that does nothing for longer than a task may take forgets no message of that time', async function () {
    if (process.platform === 'win32') this.skip(); // without SIGUSR2
    const { activities, calls } = stubActivities();
    await withSickWorker(`./programs/block-main-thread.js?ms=${BLOCKED_MS}`, activities, async ({ service, client }) => {
      const handle = await client.workflow.start(learner, {
        taskQueue: taskQueues.orchestration,
        workflowId: learnerId('ES'),
        workflowTaskTimeout: TASK_TIMEOUT,
        args: [newLearner('ES', quickSettings)],
      });
      await until(() => calls.some(({ name }) => name === 'recallInstrument'));
      service.process.kill('SIGUSR2');
      await Promise.all(NAMES.map((name) => handle.signal(dataArrivedSignal, dataFile(name))));
      const timedOut = async (): Promise<boolean> =>
        ((await handle.fetchHistory()).events ?? []).some(({ workflowTaskTimedOutEventAttributes: timeout }) => timeout);
      await until(timedOut, 2 * BLOCKED_MS, 100);
      const frozen = () => calls.flatMap(({ name, request }) => (name === 'freezeDataset' ? (request as FreezeRequest).files : []));
      await until(() => frozen().length >= NAMES.length, BLOCKED_MS + 30_000, 50);
      assert.deepEqual(
        frozen()
          .map(({ id }) => id)
          .toSorted(),
        NAMES.map((name) => `id-${name}`).toSorted(),
      );
    });
  });

  it('whose clock is wrong by an hour decides by the server’s', async () => {
    const trainWrong = async (hours: number): Promise<void> => {
      const { activities } = stubActivities();
      const home = await withSickWorker(`../kills/programs/skew-clock.js?hours=${hours}`, activities, async ({ client }) => {
        const learners = createLearnerClient({ client });
        await learners.ensureLearner('ES', quickSettings);
        await client.workflow.getHandle(learnerId('ES')).signal(dataArrivedSignal, dataFile('1'));
        await until(async () => (await learners.status('ES')).lastTrainedAt !== null);
        const { lastTrainedAt } = await learners.status('ES');
        assert.ok(isNow(lastTrainedAt), `trained at ${lastTrainedAt}`);
      });
      const stopped = async (): Promise<string | undefined> =>
        /.*"stopped".*/.exec(await readFile(join(home, 'orchestration.log'), 'utf8'))?.[0];
      await until(async () => (await stopped()) !== undefined);
      const { timestamp } = JSON.parse((await stopped()) ?? '') as { timestamp: string };
      assert.ok(!isNow(timestamp), `its own clock says ${timestamp}`);
    };
    await Promise.all([-1, 1].map(trainWrong));
  });
});

const isNow = (stamp: string | null): boolean => Math.abs(Date.parse(stamp ?? '') - Date.now()) < 1_000_000;
