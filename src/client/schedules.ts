import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  type Client,
  type ScheduleOptions,
  type ScheduleSpec,
} from '@temporalio/client';
import type { ScheduleTimes, WeeklyTime } from '../domain/orchestration/schedule-times.js';
import { taskQueues } from '../domain/orchestration/task-queues.js';
import { describeTick, type TickKind } from '../domain/orchestration/tick.js';
import { maintenance } from '../workflows/maintenance.js';
import { tick } from '../workflows/tick.js';

/** Ids of an instrument's schedules, by what they ask for. */
export const scheduleIds = (instrument: string): Readonly<Record<TickKind, string>> => ({
  retrain: `retrain-${instrument}`,
  fullRetrain: `full-retrain-${instrument}`,
  check: `experience-check-${instrument}`,
});

export const MAINTENANCE_ID = 'maintenance';

/**
 * Makes the schedules of an instrument what they should be: those that are missing are created, others updated, those that are not wanted removed.
 * Repeating it changes nothing; an operator's pause and note stay.
 */
export const ensureSchedules = async (client: Client, instrument: string, times: ScheduleTimes, bucket = 'default'): Promise<void> => {
  const ids = scheduleIds(instrument);
  for (const kind of kinds) {
    const spec = specs[kind](times);
    if (spec === null) await removeSchedule(client, ids[kind]);
    else
      await ensureSchedule(client, {
        scheduleId: ids[kind],
        spec,
        action: {
          type: 'startWorkflow',
          workflowType: tick,
          workflowId: `tick-${ids[kind]}`,
          taskQueue: taskQueues.orchestration,
          args: [{ instrument, bucket, kind }],
          staticSummary: `${instrument}: ${describeTick({ kind })}`,
        },
      });
  }
};

/** Makes the nightly house-keeping a schedule, at two by the clock of UTC. */
export const ensureMaintenance = (client: Client): Promise<void> =>
  ensureSchedule(client, {
    scheduleId: MAINTENANCE_ID,
    spec: { calendars: [{ hour: 2, minute: 0 }], timezone: 'UTC' },
    action: {
      type: 'startWorkflow',
      workflowType: maintenance,
      workflowId: 'maintenance',
      taskQueue: taskQueues.orchestration,
      args: [],
      staticSummary: 'removes what trainings left behind',
    },
  });

const kinds = ['retrain', 'fullRetrain', 'check'] as const;

/** Spread over a minute, so that instruments do not all ask at once. */
const JITTER = '1 minute';

const every = (ms: number): ScheduleSpec | null => (ms === 0 ? null : { intervals: [{ every: ms }], jitter: JITTER });

const DAYS = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as const;

const weekly = ({ day, time, zone }: WeeklyTime): ScheduleSpec => {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  const dayOfWeek = DAYS[day - 1] ?? 'SATURDAY';
  return { calendars: [{ dayOfWeek, hour: hour % 24, minute }], timezone: zone, jitter: JITTER };
};

const specs: Readonly<Record<TickKind, (times: ScheduleTimes) => ScheduleSpec | null>> = {
  retrain: ({ retrainEveryMs }) => every(retrainEveryMs),
  fullRetrain: ({ fullRetrainAt }) => (fullRetrainAt === null ? null : weekly(fullRetrainAt)),
  check: ({ checkEveryMs }) => every(checkEveryMs),
};

/** A tick that still runs is not joined by another, and those of an outage are not made up for but for the last minutes. */
const policies = { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '10 minutes', pauseOnFailure: false } as const;

const ensureSchedule = async (client: Client, wanted: Omit<ScheduleOptions, 'policies'>): Promise<void> => {
  const { scheduleId, ...options } = wanted;
  try {
    await client.schedule.create({ scheduleId, ...options, policies });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    const { spec } = options;
    await client.schedule.getHandle(scheduleId).update(({ state, action }) => ({
      spec,
      action: { ...action, ...options.action },
      policies,
      state,
    }));
  }
};

const removeSchedule = async (client: Client, scheduleId: string): Promise<void> => {
  try {
    await client.schedule.getHandle(scheduleId).delete();
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
  }
};
