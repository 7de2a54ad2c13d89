import assert from 'node:assert/strict';
import { createLearnerClient } from '../../src/client/learner-client.js';
import { trainingRunId } from '../../src/domain/ids.js';
import type { FreezeRequest } from '../../src/domain/training/run-steps.js';
import { dataArrivedSignal, experiencesAddedSignal, ledgerQuery } from '../../src/workflows/messages/learner-messages.js';
import { dataFile, quickSettings, until, withLearner } from '../support/loops/learners.js';
import { stubActivities } from '../support/loops/stubbed-activities.js';
import { temporal } from '../support/services/temporal.js';
import { withWorkers } from '../support/services/workers.js';

describe('learner', () => {
  it('trains once on a burst of 1,000 files, and forgets none of them', async () => {
    const environment = await temporal();
    const { activities, calls } = stubActivities();
    await withWorkers({ environment, activities }, () =>
      withLearner(environment, {}, async (handle, instrument) => {
        const files = Array.from({ length: 1_000 }, (_, index) => dataFile(String(index)));
        await Promise.all(
          Array.from({ length: 20 }, (_, index) => handle.signal(dataArrivedSignal, files.slice(index * 50, index * 50 + 50))),
        );
        const status = await until(handle, 'a decision', ({ lastDecision }) => lastDecision !== null);
        assert.equal(status.lastDecision?.verdict, 'PROMOTE');
        assert.deepEqual(status.production, { version: 'v1_20260320_210000', role: 'production' });
        assert.equal(status.cycle, 1);
        assert.equal(status.pendingFiles, 0);
        const freezes = calls.filter(({ name }) => name === 'freezeDataset');
        assert.equal(freezes.length, 1);
        const ledger = await handle.query(ledgerQuery);
        assert.deepEqual(
          ledger.entries.map(({ trigger, files: count, outcome }) => [trigger, count, outcome.kind]),
          [['newData', 1_000, 'actedOn']],
        );
        assert.equal(status.lastDecision.runId, trainingRunId(instrument, 1));
      }),
    );
  });

  it('keeps what it is told while it trains, however much that is, and trains on it next', async () => {
    const environment = await temporal();
    let [begin, letGo] = [(): void => undefined, (): void => undefined];
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const released = new Promise<void>((resolve) => (letGo = resolve));
    const plain = stubActivities().activities;
    const { activities, calls } = stubActivities({
      freezeDataset: async (request) => {
        begin();
        await released;
        return plain.freezeDataset(request);
      },
    });
    await withWorkers({ environment, activities }, () =>
      withLearner(environment, {}, async (handle) => {
        await handle.signal(dataArrivedSignal, dataFile('1'));
        await begun;
        for (let part = 0; part < 8; part++)
          await handle.signal(
            dataArrivedSignal,
            Array.from({ length: 2_000 }, (_, index) => dataFile(`${part}-${index}`)),
          );
        await handle.signal(experiencesAddedSignal, { id: 'lived', count: 7 });
        letGo();
        const { experiences } = await until(handle, 'another training', (status) => status.cycle === 2 && status.runningTraining === null);
        const frozen = calls.flatMap(({ name, request }) => (name === 'freezeDataset' ? [request as FreezeRequest] : []));
        const [first, second] = frozen;
        assert.deepEqual(
          first?.files.map(({ id }) => id),
          ['id-1'],
        );
        // 16,000 reports are longer than a message of Temporal may be.
        assert.deepEqual([second?.files.length, second?.lists.map(({ count }) => count)], [0, [4_000, 4_000, 4_000, 4_000]]);
        assert.equal(experiences.total, 7);
      }),
    );
  });

  it('keeps what was changed by hand when it takes in the configuration again, as each start of the API makes it', async () => {
    const environment = await temporal();
    const { activities } = stubActivities();
    await withWorkers({ environment, activities }, () =>
      withLearner(environment, {}, async (handle, instrument) => {
        const learners = createLearnerClient({ client: environment.client });
        await learners.setConfig(instrument, { quietMs: 60_000 });
        const { quietMs, minFiles } = await learners.configure(instrument, { ...quickSettings, minFiles: 3 });
        assert.deepEqual([quietMs, minFiles], [60_000, 3]);
        await learners.ensureLearner(instrument, quickSettings);
        const { settings, settingsByHand } = await learners.status(instrument);
        assert.deepEqual([settings.quietMs, settings.minFiles, settingsByHand], [60_000, 3, { quietMs: 60_000 }]);
        assert.equal((await learners.setConfig(instrument, { quietMs: null })).quietMs, quickSettings.quietMs);
      }),
    );
  });
});
