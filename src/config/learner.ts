import { z } from 'zod';

const whole = z.number().int().positive();

/** When an instrument's learner retrains. */
export const learnerConfig = z.strictObject({
  enabled: z.boolean().default(true),
  /** Quiet time after the last new file. */
  debounceSeconds: z.number().positive().default(30),
  /** Longest wait after the first new file. */
  debounceMaxWaitSeconds: z.number().positive().default(600),
  minNewDataFiles: whole.default(1),
  queueRetrainOnCompletion: z.boolean().default(true),
});
export type LearnerConfig = z.infer<typeof learnerConfig>;
