import { z } from 'zod';

/** Trading without money, whose experiences the next training can learn from. */
export const paperConfig = z.strictObject({
  enabled: z.boolean().default(true),
  /** Sessions that no ancestor of the live version has learned from are traded; new ones are looked for this often. */
  checkIntervalMinutes: z.number().positive().default(5),
  /** Probability of a random bin per branch; with 0 the greedy decisions are those that the policy server gives. */
  epsilon: z.number().min(0).max(1).default(0),
});
export type PaperConfig = z.infer<typeof paperConfig>;
