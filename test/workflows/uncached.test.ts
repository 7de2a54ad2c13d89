import assert from 'node:assert/strict';
import { Worker } from '@temporalio/worker';
import { askQuery } from '../../src/client/ask-query.js';
import { trainingRunId } from '../../src/domain/ids.js';
import * as messages from '../../src/workflows/messages/learner-messages.js';
import { dataFile, until, withLearner } from '../support/loops/learners.js';
import { stubActivities } from '../support/loops/stubbed-activities.js';
import { temporal, workflowBundle } from '../support/services/temporal.js';
import { withWorkers } from '../support/services/workers.js';

describe('a learner whose worker keeps nothing in memory', () => {
  it('trains, continues as new and trains on as with a cache, and each of its histories replays', async () => {
    const environment = await temporal({ suggestContinueAsNewAfter: 40 });
    const { activities, calls } = stubActivities();
    await withWorkers({ environment, activities, maxCachedWorkflows: 0 }, () =>
      withLearner(environment, { retrainFrequency: 100, fullRetrainEvery: 2 }, async (handle, instrument) => {
        const { runId: first } = await handle.describe();
        for (const cycle of [1, 2, 3, 4]) {
          if (cycle % 2 === 1) await handle.signal(messages.dataArrivedSignal, dataFile(String(cycle)));
          else await handle.signal(messages.experiencesAddedSignal, { id: `e${cycle}`, count: 100 });
          await until(handle, `training ${cycle}`, (status) => status.cycle === cycle && status.runningTraining === null);
        }
        const full = calls.flatMap(({ name, request }) => (name === 'beginRun' ? [(request as { full: boolean }).full] : []));
        assert.deepEqual(full, [false, true, false, true]);
        const { entries } = await askQuery(environment.client, 15_000, () => handle.query(messages.ledgerQuery));
        assert.deepEqual(
          entries.map(({ trigger, outcome }) => [trigger, outcome.kind]),
          [
            ['newData', 'actedOn'],
            ['experiences', 'actedOn'],
            ['newData', 'actedOn'],
            ['experiences', 'actedOn'],
          ],
        );
        const bundle = await workflowBundle();
        const replay = async (workflowId: string, run?: string): Promise<string | null> => {
          const history = await environment.client.workflow.getHandle(workflowId, run).fetchHistory();
          await Worker.runReplayHistory({ workflowBundle: bundle }, history, workflowId);
          return history.events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId ?? null;
        };
        let runs = 0;
        for (let run: string | null = first; run !== null; runs++) run = await replay(handle.workflowId, run);
        assert.ok(runs >= 2, `${runs} runs`);
        await replay(trainingRunId(instrument, 1));
      }),
    );
  });
});
