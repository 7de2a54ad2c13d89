import { z } from 'zod';
import type { ScheduleTimes } from '../../domain/orchestration/schedule-times.js';
import { clockTime } from './calendar.js';

const whole = z.number().int().positive();

const day = z.number().int().min(1).max(7);

/** Hours in which nothing is trained. */
const blackoutConfig = z.strictObject({
  /** Critical hours; a `to` at or before its `from` is on the next day, and without `zone` the clock is that of the instrument's calendar. */
  windows: z
    .array(
      z.strictObject({
        /** 1 = Monday … 7 = Sunday. */
        days: z.array(day).min(1).default([1, 2, 3, 4, 5]),
        from: clockTime,
        to: clockTime,
        zone: z.string().optional(),
      }),
    )
    .default([]),
  /** `regular`: the whole regular session of the instrument's calendar. */
  sessions: z.enum(['none', 'regular']).default('none'),
  /** What becomes of a training that runs when one begins: it finishes, or is checkpointed and goes on at its end. */
  running: z.enum(['finish', 'pause']).default('finish'),
});

const priority = z.number().int().min(1).max(5);

/** Urgency of a training that waits for a trainer, by what asked for it: 1 begins first, 5 last. */
const prioritiesConfig = z.strictObject({
  manual: priority.default(1),
  health: priority.default(2),
  newData: priority.default(3),
  experiences: priority.default(3),
  performance: priority.default(3),
  drift: priority.default(3),
  custom: priority.default(3),
  schedule: priority.default(4),
  age: priority.default(4),
});

/** When an instrument's learner retrains. */
export const learnerConfig = z.strictObject({
  enabled: z.boolean().default(true),
  /** What a training is: one of the bucket `default`, or a pass over the buckets of `progressive.sequence`. */
  cycle: z.enum(['single', 'sequence']).default('single'),
  /** Quiet time after the last new file. */
  debounceSeconds: z.number().positive().default(30),
  /** Longest wait after the first new file. */
  debounceMaxWaitSeconds: z.number().positive().default(600),
  minNewDataFiles: whole.default(1),
  queueRetrainOnCompletion: z.boolean().default(true),
  /** Wait after a failed training, doubled with each failure in a row, up to the longest. */
  retrySeconds: z.number().positive().default(60),
  retryLongestSeconds: z.number().positive().default(3_600),
  /** How often a training is asked for by schedule, and its least distance from the one before unless new data or a person asks; 0 for neither. */
  retrainingIntervalHours: z.number().nonnegative().default(24),
  /** New experiences that ask for a training (0 for never), and the fewest ever lived for that to count. */
  retrainFrequency: z.number().int().nonnegative().default(1_000),
  minExperiences: z.number().int().nonnegative().default(500),
  /** Net return of production over the last days, a fraction of cash, below which it is trained anew; -1 for never. */
  performanceThreshold: z.number().min(-1).default(-0.1),
  performanceWindowDays: z.number().positive().default(7),
  /** How often production and the user's own triggers are looked at; 0 for never. */
  checkIntervalMinutes: z.number().nonnegative().default(60),
  /** Modules of the user's own, TypeScript or JavaScript, whose default export says whether to train. */
  customTriggers: z.array(z.string()).default([]),
  /** Whether a training starts from production, with the shorter budget of `incrementalSteps`; each so-manieth begins from scratch, 0 for none. */
  enableIncrementalLearning: z.boolean().default(true),
  incrementalSteps: whole.default(10_000),
  fullRetrainEvery: z.number().int().nonnegative().default(7),
  /** When a training from scratch is asked for by schedule; null for never. */
  fullRetrainAt: z
    .strictObject({ day: day.default(6), time: clockTime.default('03:00'), zone: z.string().default('UTC') })
    .nullable()
    .prefault({}),
  blackout: blackoutConfig.prefault({}),
  priorities: prioritiesConfig.prefault({}),
});
export type LearnerConfig = z.infer<typeof learnerConfig>;

const HOUR_MS = 3_600_000;

/** When the schedules of an instrument ask for what. */
export const scheduleTimes = (config: LearnerConfig): ScheduleTimes => ({
  retrainEveryMs: config.retrainingIntervalHours * HOUR_MS,
  fullRetrainAt: config.fullRetrainAt,
  checkEveryMs: config.checkIntervalMinutes * 60_000,
});
