import { z } from '@hono/zod-openapi';
import { TRADE_ACTIONS, TRENDS } from '../../domain/experience/experience.js';
import { isStorableText } from '../../domain/storable-text.js';

const storable = (longest: number) =>
  z.string().min(1).max(longest).refine(isStorableText, 'expected text without NUL characters and halves of surrogate pairs');
const share = z.number().min(0).max(1);
const stamp = z.string().max(40).openapi({ example: '2025-01-15T10:30:00Z' });
const bin = z.int().min(0).max(254);

/** Longest state vector. */
const LONGEST_VECTOR = 20_000;

const anyVector = z.array(z.number()).min(1).max(LONGEST_VECTOR);
const isVector = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.length > 0 && value.length <= LONGEST_VECTOR && value.every(Number.isFinite);

/** A vector, all of which is looked at by one function: a schema for each number costs more than all the rest of a record. What is wrong is told by schema. */
const vector = z
  .custom<readonly number[]>()
  .superRefine((value, context) => {
    if (isVector(value)) return;
    for (const { path, message } of anyVector.safeParse(value).error?.issues ?? [])
      context.addIssue({ code: 'custom', path: [...path], message });
  })
  .openapi({ type: 'array', items: { type: 'number' }, minItems: 1, maxItems: LONGEST_VECTOR });

export const insight = z.strictObject({
  reasoning: storable(4_000),
  lessons_learned: z.array(storable(500)).max(50),
});

/** One experience as it is sent, with the keys of the day files. */
export const experienceBody = z
  .strictObject({
    id: storable(200).optional().openapi({ description: 'the same id again is the same experience; made of the content unless given' }),
    instrument: z.string().optional(),
    timestamp: stamp,
    decision_time: stamp.optional().openapi({ description: 'the timestamp unless given' }),
    data_as_of: stamp.nullish(),
    state: vector,
    schema_hash: storable(128).nullish(),
    action: z.number().min(-1).max(1),
    branches: z.object({ price: z.object({ bin }), quantity: z.object({ bin }) }).nullish(),
    reward: z.number(),
    next_state: vector,
    done: z.boolean(),
    market_conditions: z.strictObject({ volatility: z.number().nonnegative(), trend: z.enum(TRENDS) }).nullish(),
    rl_confidence: share.nullish(),
    reasoning_confidence: share.nullish(),
    trade_outcome: z
      .strictObject({ pnl: z.number(), duration: z.number().nonnegative(), action: z.enum(TRADE_ACTIONS) })
      .nullish()
      .openapi({ description: 'of the trade that this decision opened; duration in seconds' }),
    reflection_insight: insight.nullish(),
    model_version: storable(200).nullish(),
    epsilon: share.nullish(),
    propensity: share.nullish(),
    fill: z.strictObject({ price: z.number(), slippage: z.number() }).nullish(),
    episode_id: storable(200).nullish(),
  })
  .openapi('Experience');
export type ExperienceBody = z.output<typeof experienceBody>;

/** What holds for records that do not say it themselves. */
export const experienceSource = z.object({
  instrument: z.string().optional(),
  time_zone: z
    .string()
    .max(64)
    .optional()
    .openapi({ description: 'of stamps without a zone, which are refused otherwise', example: 'UTC' }),
  state_length: z.coerce.number().int().min(1).max(LONGEST_VECTOR).optional().openapi({ description: 'of vectors that name no schema' }),
});
export type ExperienceSourceQuery = z.output<typeof experienceSource>;
