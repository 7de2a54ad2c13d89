import type { Client } from '@temporalio/client';
import { ensureMaintenance, ensureSchedules } from '../../client/schedules.js';
import type { Logger } from '../../domain/ports.js';
import type { ScheduleTimes } from '../../domain/orchestration/schedule-times.js';

/**
 * Makes the schedules of an instrument what they should be, once for each instrument while this process runs; with the first one the nightly
 * house-keeping, too. What Temporal refuses is logged and tried again with the next call: no file waits for a schedule.
 */
export const createScheduleKeeper = (client: Client, times: ScheduleTimes, logger: Logger): ((instrument: string) => Promise<void>) => {
  const kept = new Set<string>();
  return async (instrument) => {
    if (kept.has(instrument)) return;
    try {
      if (kept.size === 0) await ensureMaintenance(client);
      await ensureSchedules(client, instrument, times);
      kept.add(instrument);
    } catch (error) {
      logger.warn(`the schedules of ${instrument} could not be made what they should be`, { reason: String(error) });
    }
  };
};
