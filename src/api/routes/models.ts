import { createRoute, z } from '@hono/zod-openapi';
import { InvalidVersionReference } from '../../domain/model/version-name.js';
import { NotRegistered } from '../../registry/errors.js';
import { AmbiguousVersion } from '../../registry/resolve-version.js';
import { requireRole } from '../access.js';
import type { Api } from '../app.js';
import type { ApiDependencies } from '../dependencies.js';
import { HttpProblem } from '../problem.js';
import { answers, because, jsonBody, page, row, rowOf } from './answers.js';
import { idempotencyKey, orProblem, requestId } from './instruments.js';

/** Versions, runs and decisions as the registry has them, newest first, and promotion by hand. */
export const addModelRoutes = (api: Api, { learners, registry }: ApiDependencies): void => {
  const rows = answers(z.array(row), 'newest first');
  const ofInstrument = page.required({ instrument: true });

  api.openapi(
    createRoute({ method: 'get', path: '/api/v1/models', request: { query: ofInstrument }, responses: rows }),
    async (context) => {
      const { instrument, bucket, limit, before } = context.req.valid('query');
      const versions = await registry.versions.list(instrument, bucket, { limit, before: before ?? null });
      const kept = await registry.pins.keepingOf(instrument, bucket, versions.map(({ name }) => name)); // prettier-ignore
      return context.json(versions.map((version, index) => rowOf({ ...version, ...kept[index] })), 200); // prettier-ignore
    },
  );
  api.openapi(createRoute({ method: 'get', path: '/api/v1/runs', request: { query: page }, responses: rows }), async (context) => {
    const { instrument, limit, before } = context.req.valid('query');
    return context.json((await registry.runs.list({ instrument: instrument ?? null, limit, before: before ?? null })).map(rowOf), 200);
  });
  api.openapi(createRoute({ method: 'get', path: '/api/v1/decisions', request: { query: page }, responses: rows }), async (context) => {
    const { instrument, limit, before } = context.req.valid('query');
    return context.json((await registry.decisions.list({ instrument: instrument ?? null, limit, before: before ?? null })).map(rowOf), 200);
  });

  const run = z.object({ run: z.string().openapi({ param: { name: 'run', in: 'path' }, example: 'train-ES-000042' }) });
  api.openapi(
    createRoute({ method: 'get', path: '/api/v1/runs/{run}', request: { params: run }, responses: answers(row) }),
    async (context) => {
      const id = context.req.valid('param').run;
      const found = await registry.runs.get(id);
      if (found === null) throw new HttpProblem(404, 'unknown-run', `there is no run ${JSON.stringify(id)}; GET /api/v1/runs lists them`);
      return context.json(rowOf(found), 200);
    },
  );
  const decision = z.object({
    decision: z.coerce
      .number()
      .int()
      .positive()
      .openapi({ param: { name: 'decision', in: 'path' } }),
  });
  api.openapi(
    createRoute({ method: 'get', path: '/api/v1/decisions/{decision}', request: { params: decision }, responses: answers(row) }),
    async (context) => {
      const id = context.req.valid('param').decision;
      const found = await registry.decisions.get(id);
      if (found === null) throw new HttpProblem(404, 'unknown-decision', `there is no decision ${id}; GET /api/v1/decisions lists them`);
      return context.json(rowOf(found), 200);
    },
  );

  const version = z.object({ version: z.string().openapi({ param: { name: 'version', in: 'path' }, example: 'v7_20261121_101500' }) });
  const activate = because.extend({ instrument: z.string(), bucket: z.string().default('default') });
  api.openapi(
    createRoute({
      method: 'post',
      path: '/api/v1/models/{version}/activate',
      middleware: [requireRole('admin')] as const,
      request: { params: version, headers: idempotencyKey, body: jsonBody(activate) },
      responses: answers(row),
    }),
    async (context) => {
      const { instrument, bucket, reason } = context.req.valid('json');
      const change = {
        version: context.req.valid('param').version,
        bucket,
        by: context.get('actor'),
        reason,
        ...requestId(context.req.valid('header')),
      };
      return context.json(rowOf(await orProblem(learners.promote(instrument, change))), 200);
    },
  );

  const named = because.extend({ instrument: z.string(), bucket: z.string().default('default') });
  for (const verb of ['pin', 'unpin'] as const)
    api.openapi(
      createRoute({
        method: 'post',
        path: `/api/v1/models/{version}/${verb}`,
        middleware: [requireRole('operator')] as const,
        request: { params: version, body: jsonBody(named) },
        responses: answers(row, 'what becomes of the model'),
      }),
      async (context) => {
        const { instrument, bucket, reason } = context.req.valid('json');
        const written = context.req.valid('param').version;
        const place = await asNamed(registry.pins[verb]({ instrument, bucket, written, by: context.get('actor'), reason }));
        const [keeping] = await registry.pins.keepingOf(place.instrument, place.bucket, [place.name]);
        return context.json(rowOf({ ...place, ...keeping }), 200);
      },
    );
};

/** What the name of a version that cannot be found, or not be kept, is to a caller of the API. */
const asNamed = async <T>(answer: Promise<T>): Promise<T> => {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof NotRegistered) throw new HttpProblem(404, 'unknown-version', error.message);
    if (error instanceof InvalidVersionReference || error instanceof AmbiguousVersion)
      throw new HttpProblem(422, 'unclear-version', error.message);
    throw error;
  }
};
