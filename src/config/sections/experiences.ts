import { z } from 'zod';

const whole = z.number().int().positive();

/** What is kept of traded decisions, and what is made of it. */
export const experiencesConfig = z.strictObject({
  /** Newest experiences of an instrument that train; older ones are archived by day. */
  bufferSize: whole.default(10_000),
  /** Days that archived experiences are kept; for ever unless set. */
  archiveDays: whole.optional(),
  /** Who explains trades that nobody has explained: ten rules, or nobody. */
  annotator: z.enum(['rules', 'off']).default('rules'),
  /** Trades explained since the newest fine-tuning set that make another one due. */
  minAnnotatedForFinetune: whole.default(100),
  /** Length of a state vector that names no schema. */
  stateLength: whole.default(200),
  /** Lengths of foreign state vectors by the hash of their schema. */
  schemas: z.record(z.string(), whole).default({}),
  /** For so long after a version stopped being live its schema is still accepted. */
  schemaGraceHours: z.number().nonnegative().default(24),
});
export type ExperiencesConfig = z.infer<typeof experiencesConfig>;
