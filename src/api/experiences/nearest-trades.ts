import { z } from '@hono/zod-openapi';
import { nearestPast } from '../../domain/experience/situation.js';
import type { Registry } from '../../registry/open-registry.js';

/** Past trades that are looked through, the newest. */
const MOST = 10_000;

export const nearestTrade = z
  .object({
    id: z.string(),
    decision_time: z.string(),
    distance: z.number().openapi({ description: 'in standard deviations of a feature, over all past situations' }),
    action: z.enum(['BUY', 'SELL', 'HOLD']),
    pnl: z.number(),
    duration: z.number(),
    model_version: z.string().nullable(),
    lessons_learned: z.array(z.string()),
  })
  .openapi('NearestTrade');

export interface NearestRequest {
  readonly instrument: string;
  /** What the features are, and the features. */
  readonly name: string;
  readonly features: Float32Array;
  /** ISO 8601: only trades that were over by then take part. */
  readonly at: string;
  readonly count: number;
}

/** An instrument's past trades in the situations most like one, nearest first, with what they taught. */
export const nearestTrades = async (
  experiences: Pick<Registry['experiences'], 'situationsBefore' | 'byIds'>,
  { instrument, name, features, at, count }: NearestRequest,
): Promise<z.output<typeof nearestTrade>[]> => {
  const situations = await experiences.situationsBefore(instrument, name, at, MOST);
  const nearest = nearestPast(situations, { features, at: Date.parse(at) }, count);
  const stored = await experiences.byIds(nearest.map(({ situation }) => situation.id));
  const byId = new Map(stored.map((experience) => [experience.id, experience]));
  return nearest.flatMap(({ situation, distance }) => {
    const found = byId.get(situation.id);
    if (found === undefined || found.tradeOutcome === null) return []; // archived meanwhile
    const { id, decisionTime, tradeOutcome, modelVersion, insight } = found;
    const { action, pnl, durationSeconds: duration } = tradeOutcome;
    const lessons = insight?.lessonsLearned ?? [];
    return { id, decision_time: decisionTime, distance, action, pnl, duration, model_version: modelVersion, lessons_learned: [...lessons] };
  });
};
