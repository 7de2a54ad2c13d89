import { z } from 'zod';

const fraction = z.number().min(0).max(1);
const whole = z.number().int().positive();

/** What is held out, and what a candidate must show on it. */
export const evaluationConfig = z.strictObject({
  /** Share of sessions, the newest, that is never trained on. */
  evaluationFraction: z.number().gt(0).lt(1).default(0.2),
  /** Fewest held-out sessions that can prove anything. */
  evaluationEpisodes: whole.default(10),
  /** How long a held version is looked at again with every new dataset, unless a newer one is held or promoted. */
  challengerDays: z.number().positive().default(30),
  bootstrapReplicates: whole.min(100).default(2_000),
  /** What `ratchet validate` does with the sessions that are trained on. */
  validation: z
    .strictObject({
      /** Of `walk-forward`: test ranges, and whether a training range grows or moves on. */
      folds: whole.default(5),
      window: z.enum(['expanding', 'rolling']).default('expanding'),
      /** Of `cpcv`: groups of sessions, and how many of them each split is judged on. */
      groups: whole.min(2).max(12).default(6),
      testedGroups: whole.default(2),
      /** Bars after a test range, beyond the purge, that are not trained on. */
      embargoBars: z.number().int().nonnegative().default(0),
      /** Trainings of each split, by seeds that follow `training.seed`. */
      trials: whole.max(16).default(2),
      /** Environment steps of each; by default those of a training. */
      trainSteps: whole.optional(),
      /** Parts of a history that take turns in selecting and testing, for the probability of overfitting. */
      blocks: whole.max(16).default(10),
      /** Splits under way at once; each takes a trainer. */
      parallel: whole.default(2),
    })
    .refine(({ groups, testedGroups }) => testedGroups < groups, 'testedGroups must be fewer than groups')
    .refine(({ blocks }) => blocks % 2 === 0, 'blocks must be even, so that one half can test what the other selects')
    .prefault({}),
});

export const gateConfig = z.strictObject({
  profile: z.enum(['simple', 'balanced', 'strict']).default('balanced'),
  minImprovement: z.number().default(0.1),
  /** Annualised Sharpe below which improvement is measured against this instead. */
  sharpeFloor: z.number().positive().default(0.5),
  /** One-sided confidence of the evidence rule; by default that of the profile. */
  confidence: z.number().gt(0.5).lt(1).optional(),
  minDsr: fraction.default(0.95),
  minTrades: whole.default(30),
  maxDrawdownSlack: z.number().nonnegative().default(0.02),
  costStress: z.number().min(1).default(2),
  maxForgetting: z.number().nonnegative().default(0.05),
  servingLatencyMs: z.number().positive().default(20),
});
