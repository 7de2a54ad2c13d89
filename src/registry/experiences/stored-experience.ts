import { z } from 'zod';
import { EXPERIENCE_SOURCES, TRADE_ACTIONS, TRENDS, type Experience } from '../../domain/experience/experience.js';
import { isoTime } from '../database/database.js';

const number = z.number().nullable();
const vector = z.instanceof(Uint8Array).transform((bytes) => new Float32Array(Uint8Array.from(bytes).buffer));

const row = z.object({
  id: z.string(),
  instrument: z.string(),
  at: isoTime,
  decisionTime: isoTime,
  dataAsOf: isoTime.nullable(),
  schemaHash: z.string(),
  state: vector,
  nextState: vector,
  action: z.number(),
  priceBin: number,
  quantityBin: number,
  reward: z.number(),
  done: z.boolean(),
  volatility: number,
  trend: z.enum(TRENDS).nullable(),
  rlConfidence: number,
  reasoningConfidence: number,
  pnl: number,
  durationSeconds: number,
  tradeAction: z.enum(TRADE_ACTIONS).nullable(),
  modelVersion: z.string().nullable(),
  epsilon: number,
  propensity: number,
  fillPrice: number,
  fillSlippage: number,
  episodeId: z.string().nullable(),
  source: z.enum(EXPERIENCE_SOURCES),
  insight: z.object({ reasoning: z.string(), lessonsLearned: z.array(z.string()) }).nullable(),
  annotatedBy: z.string().nullable(),
  annotatedAt: isoTime.nullable(),
  receivedAt: isoTime,
});

/** An experience as it is stored, with who explained it. */
export interface StoredExperience extends Experience {
  /** `reporter`, `rules`, the name of a chat model, or that of a person. */
  readonly annotatedBy: string | null;
  readonly annotatedAt: string | null;
  readonly receivedAt: string;
}

const experienceOf = ({
  at,
  priceBin,
  quantityBin,
  volatility,
  trend,
  pnl,
  durationSeconds,
  tradeAction,
  fillPrice,
  fillSlippage,
  ...same
}: z.output<typeof row>): StoredExperience => ({
  ...same,
  timestamp: at,
  branches: priceBin === null || quantityBin === null ? null : { price: priceBin, quantity: quantityBin },
  marketConditions: volatility === null || trend === null ? null : { volatility, trend },
  tradeOutcome: pnl === null || durationSeconds === null || tradeAction === null ? null : { pnl, durationSeconds, action: tradeAction },
  fill: fillPrice === null || fillSlippage === null ? null : { price: fillPrice, slippage: fillSlippage },
});

/** Reads a row of the table. */
export const storedExperience = row.transform(experienceOf);

/** Reads a row that tells besides what its outcome is worth. */
export const valuedExperience = row.extend({ value: number }).transform(({ value, ...rest }) => ({ ...experienceOf(rest), value }));
/** `value`: how many standard deviations the outcome lies above its instrument's mean; null where all are equal. */
export type ValuedExperience = z.output<typeof valuedExperience>;
