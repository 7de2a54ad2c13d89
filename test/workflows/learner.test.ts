import assert from 'node:assert/strict';
import { ApplicationFailure } from '@temporalio/common';
import { createLearnerClient } from '../../src/client/learner-client.js';
import { lookAt } from '../../src/client/watch-progress.js';
import { trainingRunId } from '../../src/domain/ids.js';
import type { ChangeRequest } from '../../src/activities/versions/versions.js';
import type { BeginRequest, FreezeRequest } from '../../src/domain/training/run-steps.js';
import { dataArrivedSignal, experiencesAddedSignal, ledgerQuery } from '../../src/workflows/messages/learner-messages.js';
import { dataFile, quickSettings, until, withLearner } from '../support/loops/learners.js';
import { stubActivities, type Call } from '../support/loops/stubbed-activities.js';
import { temporal } from '../support/services/temporal.js';
import { until as soon } from '../support/until.js';
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

  it('trains the buckets in its cycles where it is told to, hands on between them, and goes on without one that fails', async () => {
    const environment = await temporal();
    const plain = stubActivities().activities;
    const { activities, calls } = stubActivities({
      trainChunk: (request) =>
        request.bucket === 'Short' && request.runId.includes('000001')
          ? Promise.reject(ApplicationFailure.nonRetryable('the loss is NaN', 'Diverged'))
          : plain.trainChunk(request),
    });
    const cycle = { buckets: ['Scalping', 'Short', 'Long'].map((bucket) => ({ bucket })), transfer: true, pauseMs: 0 };
    await withWorkers({ environment, activities }, () =>
      withLearner(environment, { cycle }, async (handle, instrument) => {
        const requests = <T>(of: Call['name']): T[] => calls.flatMap(({ name, request }) => (name === of ? [request as T] : []));
        await handle.signal(dataArrivedSignal, dataFile('1'));
        const first = await until(handle, 'a pass', ({ lastOutcome }) => lastOutcome !== null);
        assert.match(first.lastOutcome?.summary ?? '', /^Scalping PROMOTE \S+; Short failed: Diverged: the loss is NaN; Long PROMOTE \S+$/);
        assert.deepEqual([first.pendingFiles, first.lastDecision?.runId], [0, trainingRunId(instrument, 1)]);
        assert.deepEqual(
          requests<FreezeRequest>('freezeDataset').map(({ bucket, files, asked }) => [bucket, files.length, asked]),
          [['Scalping', 1, false], ['Short', 0, false], ['Long', 0, false]], // prettier-ignore
        );
        assert.deepEqual(
          requests<BeginRequest>('beginRun').map(({ runId, plan }) => [runId.slice(`train-${instrument}-`.length), plan?.source?.bucket]),
          [['000001-Scalping', undefined], ['000001-Short', 'Scalping'], ['000001-Long', 'Scalping']], // prettier-ignore
        );
        const learners = createLearnerClient({ client: environment.client });
        const person = { by: 'operator', reason: 'trial' };
        await learners.rollback(instrument, { ...person, bucket: 'Long' });
        assert.deepEqual(
          requests<ChangeRequest>('rollbackVersion').map(({ bucket, by }) => [bucket, by]),
          [['Long', 'operator']],
        );
        assert.equal((await learners.status(instrument)).production, null);
        await assert.rejects(learners.rollback(instrument, { ...person, bucket: '' }), /bucket: expected the name of one/);
        await learners.retrain(instrument, { full: true, reason: 'a new fee' });
        const second = await until(handle, 'another pass', ({ lastOutcome }) => lastOutcome?.runId === trainingRunId(instrument, 2));
        assert.match(second.lastOutcome?.summary ?? '', /^Scalping \S+ \S+; Short \S+ \S+; Long \S+ \S+$/);
        const again = requests<BeginRequest>('beginRun').slice(3);
        assert.deepEqual(again.map(({ full, reason }) => [full, reason.endsWith(': a new fee')]), [[true, true], [true, true], [true, true]]); // prettier-ignore
        const { entries } = await handle.query(ledgerQuery);
        assert.deepEqual(entries.map(({ trigger, outcome }) => [trigger, outcome.kind === 'actedOn' && outcome.helped]), [['newData', true], ['manual', true]]); // prettier-ignore
      }),
    );
  });

  it('pauses and stops the bucket that trains, whose progress is the learner’s', async () => {
    const environment = await temporal();
    let letGo = (): void => undefined;
    const released = new Promise<void>((resolve) => (letGo = resolve));
    const plain = stubActivities().activities;
    const { activities } = stubActivities({
      trainChunk: async (request) => {
        if (request.bucket === 'Short') await released;
        return plain.trainChunk(request);
      },
    });
    const cycle = { buckets: [{ bucket: 'Scalping' }, { bucket: 'Short' }], transfer: false, pauseMs: 0 };
    await withWorkers({ environment, activities }, () =>
      withLearner(environment, { cycle }, async (handle, instrument) => {
        const learners = createLearnerClient({ client: environment.client });
        const run = trainingRunId(instrument, 1);
        await handle.signal(dataArrivedSignal, dataFile('1'));
        await soon(async () => (await lookAt(learners, instrument))?.training?.runId === `${run}-Short`);
        await learners.stop(instrument);
        letGo();
        const status = await until(handle, 'its end', ({ lastOutcome }) => lastOutcome?.kind === 'stopped');
        assert.deepEqual([status.phase, status.pendingFiles], ['paused', 1]);
        assert.match(status.lastOutcome?.summary ?? '', /^Scalping PROMOTE/);
      }),
    );
  });
});
