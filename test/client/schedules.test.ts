import assert from 'node:assert/strict';
import { ScheduleNotFoundError } from '@temporalio/client';
import { ensureMaintenance, ensureSchedules, MAINTENANCE_ID, scheduleIds } from '../../src/client/schedules.js';
import type { ScheduleTimes } from '../../src/domain/orchestration/schedule-times.js';
import { ledgerQuery, pauseUpdate, resumeUpdate } from '../../src/workflows/messages/learner-messages.js';
import { freshInstrument, until, withLearner } from '../support/loops/learners.js';
import { stubActivities } from '../support/loops/stubbed-activities.js';
import { temporal } from '../support/services/temporal.js';
import { until as waitUntil } from '../support/until.js';
import { withWorkers } from '../support/services/workers.js';

const HOUR = 3_600_000;
const times: ScheduleTimes = {
  retrainEveryMs: 24 * HOUR,
  fullRetrainAt: { day: 6, time: '03:30', zone: 'America/New_York' },
  checkEveryMs: HOUR,
};

describe('the schedules of an instrument', () => {
  it('are created, updated as the settings change while a pause of the operator stays, and removed with the setting', async () => {
    const { client } = await temporal();
    const instrument = freshInstrument();
    const ids = scheduleIds(instrument);
    await ensureSchedules(client, instrument, times);
    await client.schedule.getHandle(ids.retrain).pause('the exchange is on holiday');
    await ensureSchedules(client, instrument, { ...times, retrainEveryMs: 12 * HOUR });
    const { state, spec, policies } = await client.schedule.getHandle(ids.retrain).describe();
    assert.deepEqual([state.paused, state.note, policies.overlap], [true, 'the exchange is on holiday', 'SKIP']);
    assert.deepEqual(
      spec.intervals?.map((interval) => interval.every),
      [12 * HOUR],
    );
    const weekly = await client.schedule.getHandle(ids.fullRetrain).describe();
    for (const at of weekly.info.nextActionTimes.slice(0, 5)) {
      const [day, hour, minute] = new Intl.DateTimeFormat('en-US', {
        timeZone: 'America/New_York',
        weekday: 'short',
        hour: '2-digit',
        minute: '2-digit',
        hourCycle: 'h23',
      })
        .format(at)
        .split(/[\s:,]+/);
      assert.deepEqual([day, hour, minute === '30' || minute === '31'], ['Sat', '03', true], 'within the jitter of a minute');
    }
    await ensureSchedules(client, instrument, { retrainEveryMs: 0, fullRetrainAt: null, checkEveryMs: 0 });
    for (const id of Object.values(ids)) await assert.rejects(client.schedule.getHandle(id).describe(), ScheduleNotFoundError);
  });

  it('ask the learner for a training when they are triggered, and look at production', async () => {
    const environment = await temporal();
    const { client } = environment;
    const { activities } = stubActivities({
      checkProduction: () =>
        Promise.resolve({
          measured: { version: 'v1', netReturn: -0.3, days: 7 },
          health: 'answers NaN',
          drift: { id: 'v1/drift/t', reason: 'range is wider' },
        }),
      askCustomTriggers: () => Promise.resolve(['mine.ts: the moon is full']),
    });
    await withWorkers({ environment, activities }, () =>
      withLearner(environment, { performanceThreshold: -0.1 }, async (handle, instrument) => {
        await ensureSchedules(client, instrument, times);
        const ids = scheduleIds(instrument);
        await client.schedule.getHandle(ids.fullRetrain).trigger();
        await until(handle, 'a training from scratch', (status) => status.cycle === 1 && status.runningTraining === null);
        await handle.executeUpdate(pauseUpdate, { args: [{ reason: 'a look' }] });
        await client.schedule.getHandle(ids.check).trigger();
        await waitUntil(async () => (await handle.query(ledgerQuery)).entries.length === 5);
        const { entries } = await handle.query(ledgerQuery);
        assert.deepEqual(
          entries.map(({ trigger, reason }) => [trigger, reason]),
          [
            ['schedule', 'from scratch by schedule (full)'],
            ['performance', 'v1 returned -30.00 % net over 7 days, less than -10.00 %'],
            ['health', 'answers NaN'],
            ['drift', 'range is wider'],
            ['custom', 'mine.ts: the moon is full'],
          ],
        );
        await ensureSchedules(client, instrument, { retrainEveryMs: 0, fullRetrainAt: null, checkEveryMs: 0 });
      }),
    );
  });

  it('backfilled over five days, ask five times for what becomes one training', async () => {
    const environment = await temporal();
    const { client } = environment;
    const { activities } = stubActivities();
    await withWorkers({ environment, activities }, () =>
      withLearner(environment, {}, async (handle, instrument) => {
        await ensureSchedules(client, instrument, times);
        await handle.executeUpdate(pauseUpdate, { args: [{}] });
        const start = new Date('2026-03-02T12:00:00Z');
        const end = new Date('2026-03-07T12:00:00Z');
        await client.schedule.getHandle(scheduleIds(instrument).retrain).backfill({ start, end, overlap: 'BUFFER_ALL' });
        await waitUntil(async () => (await handle.query(ledgerQuery)).entries[0]?.joined === 4);
        await handle.executeUpdate(resumeUpdate);
        const { cycle } = await until(handle, 'a decision', ({ lastDecision }) => lastDecision !== null);
        assert.equal(cycle, 1);
        await ensureSchedules(client, instrument, { retrainEveryMs: 0, fullRetrainAt: null, checkEveryMs: 0 });
      }),
    );
  });

  it('come with one for house-keeping each night, however often it is asked for', async () => {
    const environment = await temporal();
    const { activities, calls } = stubActivities();
    await ensureMaintenance(environment.client);
    await ensureMaintenance(environment.client);
    await withWorkers({ environment, activities }, async () => {
      await environment.client.schedule.getHandle(MAINTENANCE_ID).trigger();
      await waitUntil(() => calls.some(({ name }) => name === 'tidyUp'));
    });
    await environment.client.schedule.getHandle(MAINTENANCE_ID).delete();
  });
});
