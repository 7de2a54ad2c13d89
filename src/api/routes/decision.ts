import { setTimeout as delay } from 'node:timers/promises';
import { createRoute, z } from '@hono/zod-openapi';
import { marketRegimes } from '../../domain/market/market-regime.js';
import { flatReasons, NothingServed, UnanswerableRequest, type Decision } from '../../serving/decision.js';
import type { PolicyServer } from '../../serving/create-policy-server.js';
import type { Api } from '../app.js';
import type { ApiDependencies } from '../dependencies.js';
import { nearestTrade, nearestTrades } from '../experiences/nearest-trades.js';
import { HttpProblem } from '../problem.js';
import { answers, instrumentPath, jsonBody } from './answers.js';

/** 9999-12-31, after which ISO 8601 needs more digits. */
const LATEST_MS = 253_402_300_799_999;

const time = z
  .union([z.number().int().min(0).max(LATEST_MS), z.iso.datetime({ offset: true })])
  .openapi({ description: 'epoch milliseconds, or ISO 8601 with a zone' });

const bar = z.strictObject({
  close_time: time.openapi({ description: 'when the bar closed' }),
  open: z.number().positive(),
  high: z.number().positive(),
  low: z.number().positive(),
  close: z.number().positive(),
  volume: z.number().nonnegative(),
});

const request = z
  .strictObject({
    bars: z.array(bar).min(1).max(20_000).optional().openapi({
      description:
        'recent bars, oldest first, the last being the one whose close the decision is made at; without bars and observation it is the newest stored bar that is not its session’s last',
    }),
    observation: z
      .array(z.number())
      .max(100_000)
      .optional()
      .openapi({ description: 'a state vector of the model’s schema, instead of bars' }),
    position: z.number().optional().openapi({ description: 'notional held as a share of the largest position, signed' }),
    session_return: z.number().optional().openapi({ description: 'net profit of the session so far, as a share of cash' }),
  })
  .openapi('DecisionRequest');

const decision = z
  .object({
    instrument: z.string(),
    bucket: z.string(),
    version: z.string(),
    role: z.enum(['production', 'baseline']),
    unproven: z.boolean(),
    simulated: z.boolean(),
    action: z.number().openapi({ description: 'target position as a share of the largest, -1 to 1' }),
    branches: z.object({
      price: z.object({
        bin: z.number(),
        limit_offset_ticks: z.number().openapi({ description: 'towards the market: a buy at close + offset, a sell at close - offset' }),
      }),
      quantity: z.object({ bin: z.number(), target_position: z.number() }),
    }),
    confidence: z.number(),
    flat_because: z.enum(flatReasons).nullable(),
    regime: z.enum(marketRegimes).nullable().optional().openapi({
      description: 'in which the session began, where the model was trained in one regime; it acts flat in any other',
    }),
    data_as_of: z.string().nullable(),
    latency_ms: z.number(),
    situations: z.array(nearestTrade).nullable().optional().openapi({
      description:
        'where they were asked for: the past trades in the situations most like this one, over by data_as_of; null where they cannot be told',
    }),
  })
  .openapi('Decision');

/** `POST /api/v1/instruments/{id}/decision`: what the live policy would do now. */
export const addDecisionRoute = (
  api: Api,
  policies: PolicyServer,
  { registry, metrics }: Pick<ApiDependencies, 'registry' | 'metrics'>,
): void => {
  api.openapi(
    createRoute({
      method: 'post',
      path: '/api/v1/instruments/{id}/decision',
      request: {
        params: instrumentPath,
        query: z.object({
          bucket: z.string().default('default'),
          situations: z.coerce.number().int().min(0).max(20).default(0).openapi({ description: 'past trades to show beside the decision' }),
        }),
        body: jsonBody(request),
      },
      responses: answers(decision),
    }),
    async (context) => {
      const { bars, observation, position, session_return: sessionReturn } = context.req.valid('json');
      const { bucket, situations: count } = context.req.valid('query');
      const asked = {
        ...(bars === undefined
          ? {}
          : { bars: bars.map(({ close_time: closeTime, ...prices }) => ({ closeTime: epochMs(closeTime), ...prices })) }),
        ...(observation === undefined ? {} : { observation }),
        ...(position === undefined ? {} : { position }),
        ...(sessionReturn === undefined ? {} : { sessionReturn }),
        situation: count > 0,
      };
      const { branches, flatBecause, dataAsOf, latencyMs, situation, ...made } = await orProblem(
        policies.decide(context.req.valid('param').id, bucket, asked),
      );
      metrics.countDecision({ instrument: made.instrument, outcome: flatBecause ?? 'model', seconds: latencyMs / 1_000 });
      return context.json(
        {
          ...made,
          branches: {
            price: { bin: branches.price.bin, limit_offset_ticks: branches.price.limitOffsetTicks },
            quantity: { bin: branches.quantity.bin, target_position: branches.quantity.targetPosition },
          },
          flat_because: flatBecause,
          data_as_of: dataAsOf,
          latency_ms: latencyMs,
          ...(count === 0
            ? {}
            : { situations: await besides(registry.experiences, { instrument: made.instrument, situation, at: dataAsOf, count }) }),
        },
        200,
      );
    },
  );
};

/** Longest time that a decision waits for what is shown beside it. */
const LONGEST_WAIT_MS = 500;

/** The past trades most like a decision; null where they cannot be told in time: a decision neither waits nor fails for want of them. */
const besides = (
  experiences: ApiDependencies['registry']['experiences'],
  { situation, at, ...place }: { readonly instrument: string; readonly situation: Decision['situation']; readonly at: string | null; readonly count: number }, // prettier-ignore
): Promise<z.output<typeof nearestTrade>[] | null> => {
  if (situation == null || at === null) return Promise.resolve(null);
  const found = nearestTrades(experiences, { ...place, ...situation, at }).catch(() => null);
  return Promise.race([found, delay(LONGEST_WAIT_MS, null, { ref: false })]);
};

const epochMs = (stamp: number | string): number => (typeof stamp === 'number' ? stamp : Date.parse(stamp));

const orProblem = async <T>(answer: Promise<T>): Promise<T> => {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof NothingServed) throw new HttpProblem(404, 'nothing-served', error.message);
    if (error instanceof UnanswerableRequest) throw new HttpProblem(422, 'unanswerable', error.message);
    throw error;
  }
};
