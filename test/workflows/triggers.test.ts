import assert from 'node:assert/strict';
import { blackoutKey, noBlackouts, type BlackoutSettings } from '../../src/domain/learner/blackout.js';
import * as messages from '../../src/workflows/messages/learner-messages.js';
import { progressQuery } from '../../src/workflows/messages/training-run-messages.js';
import { dataFile, until, withLearner } from '../support/loops/learners.js';
import { stubActivities } from '../support/loops/stubbed-activities.js';
import { temporal } from '../support/services/temporal.js';
import { until as waitUntil } from '../support/until.js';
import { withWorkers } from '../support/services/workers.js';

const blackout: BlackoutSettings = { ...noBlackouts, sessions: 'regular' };

/** Activities to which a blackout began a second ago, for a minute. */
const inBlackout = () =>
  stubActivities({
    findBlackouts: ({ blackout: settings, fromMs: asked }) => {
      const intervals = [{ fromMs: asked - 1_000, toMs: asked + 59_000 }];
      return Promise.resolve({ key: blackoutKey(settings), fromMs: asked, toMs: asked + 86_400_000, intervals, problem: null });
    },
  });

describe('the triggers of a learner', () => {
  it('train once for experiences that cross the threshold, for drift, and for a schedule’s tick, and count what is malformed', async () => {
    const environment = await temporal();
    const { activities, calls } = stubActivities();
    await withWorkers({ environment, activities }, () =>
      withLearner(environment, { retrainFrequency: 100, minExperiences: 100 }, async (handle) => {
        await handle.signal(messages.experiencesAddedSignal, [
          { id: 'a', count: 60 },
          { id: 'a', count: 60 },
        ]);
        await handle.signal(messages.experiencesAddedSignal, { id: 'b', count: Number.NaN });
        await handle.signal(messages.driftDetectedSignal, { id: 'c', reason: '' });
        const { experiences, malformed, cycle } = await until(handle, 'counts', (status) => status.malformed.count === 2);
        assert.deepEqual([experiences, cycle], [{ total: 60, fresh: 60 }, 0]);
        assert.match(malformed.last ?? '', /^reason of c is ""/);
        await handle.signal(messages.experiencesAddedSignal, { id: 'd', count: 40 });
        await until(handle, 'a first training', (status) => status.cycle === 1 && status.runningTraining === null);
        await handle.signal(messages.driftDetectedSignal, { id: 'e', reason: 'PSI of return is 0.4' });
        await until(handle, 'a second training', (status) => status.cycle === 2 && status.runningTraining === null);
        await handle.signal(messages.scheduledSignal, { id: 'f', reason: 'each week', full: true });
        await until(handle, 'a third training', (status) => status.cycle === 3 && status.runningTraining === null);
        const { entries } = await handle.query(messages.ledgerQuery);
        assert.deepEqual(
          entries.map(({ trigger, outcome }) => [trigger, outcome.kind, outcome.kind === 'actedOn' && outcome.helped]),
          [
            ['experiences', 'actedOn', true],
            ['drift', 'actedOn', true],
            ['schedule', 'actedOn', true],
          ],
        );
        const full = calls.flatMap(({ name, request }) => (name === 'beginRun' ? [(request as { full: boolean }).full] : []));
        assert.deepEqual(full, [false, false, true]);
      }),
    );
  });

  it('wait for the end of a blackout, saying until when, unless a person says now', async () => {
    const environment = await temporal();
    const { activities } = inBlackout();
    await withWorkers({ environment, activities }, () =>
      withLearner(environment, { blackout }, async (handle) => {
        await handle.signal(messages.dataArrivedSignal, dataFile('1'));
        const { whyNotYet, until: end } = await until(handle, 'a blackout', ({ phase }) => phase === 'blackedOut');
        assert.equal(whyNotYet, 'blackout (1 new files)');
        const [deferred] = (await handle.query(messages.ledgerQuery)).entries;
        assert.deepEqual(deferred?.outcome, { kind: 'deferred', until: end, because: 'blackout' });
        await handle.executeUpdate(messages.retrainUpdate, { args: [{ now: true }] });
        await until(handle, 'a decision', ({ lastDecision }) => lastDecision !== null);
      }),
    );
  });

  it('pause a running training in a blackout, where that is set, and let it go on at the end', async () => {
    const environment = await temporal();
    const phases: string[] = [];
    let isTraining = false;
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const { activities: plain } = stubActivities();
    const { activities } = stubActivities({
      findBlackouts: ({ blackout: settings, fromMs }) => {
        const key = blackoutKey(settings);
        return Promise.resolve(
          isTraining
            ? { key, fromMs, toMs: fromMs + 86_400_000, intervals: [{ fromMs, toMs: fromMs + 3_000 }], problem: null }
            : { key, fromMs, toMs: fromMs + 250, intervals: [], problem: null },
        );
      },
      evaluateCandidate: async (request) => {
        isTraining = true;
        await held;
        return plain.evaluateCandidate(request);
      },
    });
    await withWorkers({ environment, activities }, () =>
      withLearner(environment, { blackout: { ...blackout, running: 'pause' } }, async (handle) => {
        await handle.signal(messages.dataArrivedSignal, dataFile('1'));
        const { runningTraining } = await until(handle, 'a training', (status) => status.runningTraining !== null);
        const run = environment.client.workflow.getHandle(runningTraining ?? '');
        await waitUntil(() => isTraining);
        await waitUntil(async () => (await run.query(progressQuery)).paused);
        phases.push('paused');
        await waitUntil(async () => !(await run.query(progressQuery)).paused);
        phases.push('resumed');
        letGo();
        await until(handle, 'a decision', ({ lastDecision }) => lastDecision !== null);
        assert.deepEqual(phases, ['paused', 'resumed']);
      }),
    );
  });

  it('are dropped by a skip, and their files go with the next that arrive', async () => {
    const environment = await temporal();
    const { activities, calls } = stubActivities();
    await withWorkers({ environment, activities }, () =>
      withLearner(environment, { minFiles: 2 }, async (handle) => {
        await handle.signal(messages.dataArrivedSignal, dataFile('1'));
        await until(handle, 'a file', ({ pendingFiles }) => pendingFiles === 1);
        await handle.executeUpdate(messages.skipUpdate, { args: [{ reason: 'a test export' }] });
        await assert.rejects(handle.executeUpdate(messages.skipUpdate, { args: [{}] }));
        await handle.signal(messages.dataArrivedSignal, dataFile('2'));
        await until(handle, 'a decision', ({ lastDecision }) => lastDecision !== null);
        const { entries } = await handle.query(messages.ledgerQuery);
        assert.deepEqual(
          entries.map(({ outcome }) => outcome.kind),
          ['dropped', 'actedOn'],
        );
        const [freeze] = calls.filter(({ name }) => name === 'freezeDataset');
        assert.equal((freeze?.request as { files: unknown[] }).files.length, 2);
      }),
    );
  });
});
