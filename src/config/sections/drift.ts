import { z } from 'zod';

/** When the market counts as another one than production learned from. */
export const driftConfig = z.strictObject({
  /** Alarms in a year in which nothing drifts; 0 looks for no drift. */
  falseAlarmsPerYear: z.number().nonnegative().default(4),
  /** Sessions that are compared as one window. */
  windowSessions: z.number().int().positive().default(5),
  /** How far before the newest bar that production has learned from the windows reach that the newest one is compared with. */
  referenceDays: z.number().positive().default(180),
});
export type DriftConfig = z.infer<typeof driftConfig>;
