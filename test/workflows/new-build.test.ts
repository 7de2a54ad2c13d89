import assert from 'node:assert/strict';
import { createLearnerClient } from '../../src/client/learner-client.js';
import { learnerId, trainingRunId } from '../../src/domain/ids.js';
import type { FreezeRequest } from '../../src/domain/training/run-steps.js';
import { dataArrivedSignal } from '../../src/workflows/messages/learner-messages.js';
import { dataFile, quickSettings } from '../support/loops/learners.js';
import { stubActivities } from '../support/loops/stubbed-activities.js';
import { openBuilds } from '../support/loops/builds.js';
import { temporal } from '../support/services/temporal.js';
import { withWorkers } from '../support/services/workers.js';
import { until } from '../support/until.js';

describe('a new build of the workflows', function () {
  this.timeout(120_000);

  it('goes on with learners, while the one before ends the training that it began, and nothing is forgotten', async () => {
    const environment = await temporal();
    const { namespace, client, tells, start, makeCurrent, release, nudge, buildsOf } = await openBuilds();
    const learners = createLearnerClient({ client });
    const goesOnWith = (build: string, workflowId: string): Promise<void> =>
      until(async () => (await buildsOf(workflowId)).at(-1) === build, 30_000, 50);
    let letGo: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (letGo = resolve));
    const plain = stubActivities().activities;
    const { activities, calls } = stubActivities({ trainChunk: (request) => released.then(() => plain.trainChunk(request)) });
    const services = await Promise.all(['v1', 'v2'].map(start));
    try {
      await withWorkers({ environment, activities, namespace, workflows: false }, async () => {
        await makeCurrent('v1');
        for (const instrument of ['ES', 'NQ']) await learners.ensureLearner(instrument, quickSettings);
        const es = client.workflow.getHandle(learnerId('ES'));
        const { runId: before } = await es.describe();
        await es.signal(dataArrivedSignal, dataFile('1'));
        await until(() => calls.some(({ name }) => name === 'trainChunk'));
        await goesOnWith('v1', learnerId('NQ'));

        await makeCurrent('v2');
        await es.signal(dataArrivedSignal, [dataFile('2'), dataFile('3')]);
        if (!tells) await release();
        await nudge();
        await goesOnWith('v2', learnerId('NQ'));
        letGo();
        await until(async () => {
          const { cycle, runningTraining } = await learners.status('ES');
          return cycle === 2 && runningTraining === null;
        });

        assert.deepEqual(await buildsOf(trainingRunId('ES', 1)), ['v1']);
        assert.deepEqual(await buildsOf(trainingRunId('ES', 2)), ['v2']);
        assert.deepEqual(await buildsOf(learnerId('ES'), before), tells ? ['v1'] : ['v1', 'v2']);
        assert.equal((await buildsOf(learnerId('ES'))).at(-1), 'v2');
        const frozen = calls.flatMap(({ name, request }) => (name === 'freezeDataset' ? [request as FreezeRequest] : []));
        assert.deepEqual(
          frozen.map(({ files }) => files.map(({ id }) => id)),
          [['id-1'], ['id-2', 'id-3']],
        );
      });
    } finally {
      await Promise.all(services.map((service) => service.stop()));
    }
  });
});
