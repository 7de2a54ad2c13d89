import { createRoute, z } from '@hono/zod-openapi';
import { LearnerMissing, NoAnswer, Refused } from '../../client/errors.js';
import { requireRole } from '../access.js';
import type { Api } from '../app.js';
import type { ApiDependencies } from '../dependencies.js';
import { HttpProblem } from '../problem.js';
import { answers, because, instrumentPath, jsonBody, knownInstrument, row, rowOf } from './answers.js';

/** Instruments, what their learners do, and the verbs towards these. */
export const addInstrumentRoutes = (api: Api, { instruments, watched, learners, registry }: ApiDependencies): void => {
  const known = knownInstrument(instruments);
  const summary = async (id: string) => {
    const [learner, production] = await Promise.all([learners.status(id).catch(unstarted), registry.production.current(id, 'default')]);
    return { id, learner: learner === null ? null : rowOf(learner), production: production === null ? null : rowOf(production) };
  };
  const summarySchema = z.object({ id: z.string(), learner: row.nullable(), production: row.nullable() });

  const inUse = ({ id, learner, production }: Awaited<ReturnType<typeof summary>>): boolean =>
    watched.includes(id) || learner !== null || production !== null;

  api.openapi(
    createRoute({
      method: 'get',
      path: '/api/v1/instruments',
      responses: answers(z.array(summarySchema), 'those that are watched, learned or served'),
    }),
    async (context) => context.json((await Promise.all(instruments.map(summary))).filter(inUse), 200),
  );
  api.openapi(
    createRoute({
      method: 'get',
      path: '/api/v1/instruments/{id}',
      request: { params: instrumentPath },
      responses: answers(summarySchema),
    }),
    async (context) => context.json(await summary(known(context.req.valid('param').id)), 200),
  );

  const at = z.object({ at: z.iso.datetime({ offset: true }).optional(), bucket: z.string().default('default') });
  api.openapi(
    createRoute({
      method: 'get',
      path: '/api/v1/instruments/{id}/production',
      request: { params: instrumentPath, query: at },
      responses: answers(row.nullable()),
    }),
    async (context) => {
      const id = known(context.req.valid('param').id);
      const { at: time, bucket } = context.req.valid('query');
      const live = await (time === undefined ? registry.production.current(id, bucket) : registry.production.at(id, bucket, time));
      return context.json(live === null ? null : rowOf(live), 200);
    },
  );

  api.openapi(
    createRoute({
      method: 'get',
      path: '/api/v1/instruments/{id}/production/history',
      request: { params: instrumentPath, query: at.pick({ bucket: true }) },
      responses: answers(z.array(row), 'oldest first'),
    }),
    async (context) => {
      const id = known(context.req.valid('param').id);
      return context.json((await registry.production.history(id, context.req.valid('query').bucket)).map(rowOf), 200);
    },
  );

  const verb = (name: 'pause' | 'resume' | 'stop' | 'skip', call: (id: string, reason: string | undefined) => Promise<object>): void =>
    void api.openapi(
      createRoute({
        method: 'post',
        path: `/api/v1/instruments/{id}/${name}`,
        middleware: [requireRole('operator')] as const,
        request: { params: instrumentPath, body: jsonBody(because.partial()) },
        responses: answers(row),
      }),
      async (context) => {
        const { reason } = context.req.valid('json');
        return context.json(rowOf(await orProblem(call(known(context.req.valid('param').id), reason))), 200);
      },
    );
  verb('pause', (id, reason) => learners.pause(id, reason));
  verb('resume', (id) => learners.resume(id));
  verb('stop', (id) => learners.stop(id));
  verb('skip', (id, reason) => learners.skip(id, reason));

  api.openapi(
    createRoute({
      method: 'get',
      path: '/api/v1/instruments/{id}/ledger',
      request: { params: instrumentPath },
      responses: answers(row, 'what asked for trainings, oldest first, and what became of each'),
    }),
    async (context) => context.json(rowOf(await orProblem(learners.ledger(known(context.req.valid('param').id)))), 200),
  );

  const retrain = because.partial().extend({ full: z.boolean().optional(), now: z.boolean().optional() });
  api.openapi(
    createRoute({
      method: 'post',
      path: '/api/v1/instruments/{id}/retrain',
      middleware: [requireRole('operator')] as const,
      request: { params: instrumentPath, headers: idempotencyKey, body: jsonBody(retrain) },
      responses: answers(row),
    }),
    async (context) => {
      const { full, now, reason } = context.req.valid('json');
      const options = {
        ...(full === undefined ? {} : { full }),
        ...(now === undefined ? {} : { now }),
        ...(reason === undefined ? {} : { reason }),
        ...requestId(context.req.valid('header')),
      };
      return context.json(rowOf(await orProblem(learners.retrain(known(context.req.valid('param').id), options))), 200);
    },
  );

  const rollback = because.extend({ to: z.string().optional(), bucket: z.string().default('default') });
  api.openapi(
    createRoute({
      method: 'post',
      path: '/api/v1/instruments/{id}/rollback',
      middleware: [requireRole('admin')] as const,
      request: { params: instrumentPath, headers: idempotencyKey, body: jsonBody(rollback) },
      responses: answers(row),
    }),
    async (context) => {
      const { to, bucket, reason } = context.req.valid('json');
      const change = {
        by: context.get('actor'),
        reason,
        bucket,
        ...(to === undefined ? {} : { to }),
        ...requestId(context.req.valid('header')),
      };
      return context.json(rowOf(await orProblem(learners.rollback(known(context.req.valid('param').id), change))), 200);
    },
  );
};

/** A repeated key is the same request. */
export const idempotencyKey = z.object({ 'idempotency-key': z.string().min(1).max(200).optional() });

export const requestId = ({ 'idempotency-key': key }: z.output<typeof idempotencyKey>): { requestId?: string } =>
  key === undefined ? {} : { requestId: key };

/** What a learner's refusal, absence or silence is to a caller of the API. */
export const orProblem = async <T>(answer: Promise<T>): Promise<T> => {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Refused) throw new HttpProblem(409, 'refused', error.message);
    if (error instanceof LearnerMissing) throw new HttpProblem(404, 'no-learner', error.message);
    if (error instanceof NoAnswer) throw new HttpProblem(503, 'no-answer', error.message);
    throw error;
  }
};

const unstarted = (error: unknown): null => {
  if (error instanceof LearnerMissing || error instanceof NoAnswer) return null;
  throw error;
};
