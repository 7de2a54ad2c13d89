import { createRoute, z } from '@hono/zod-openapi';
import { ValidationMissing } from '../../client/validations.js';
import { DEFAULT_BUCKET } from '../../domain/agent/bucket.js';
import { validationMethods } from '../../domain/validation/steps.js';
import { requireRole } from '../access.js';
import type { Api } from '../app.js';
import type { ApiDependencies } from '../dependencies.js';
import { HttpProblem } from '../problem.js';
import { answers, instrumentPath, jsonBody, knownInstrument, row, rowOf } from './answers.js';
import { documentAnswers, documentQuery, PAGE_POLICY, readDocument } from '../documents.js';
import { orProblem } from './instruments.js';

const wish = z.strictObject({ method: z.enum(validationMethods).default('walk-forward'), bucket: z.string().default('default') });
const path = z.object({
  id: z
    .string()
    .regex(/^validate-.+-\d{6,}$/, 'expected an id such as validate-ES-000001')
    .openapi({ param: { name: 'id', in: 'path' }, example: 'validate-ES-000001' }),
});

/** Validations of a training recipe: start one, see how far it is, and read its report. */
export const addValidationRoutes = (api: Api, { instruments, validations, registry, artifacts, progressive }: ApiDependencies): void => {
  const known = knownInstrument(instruments);
  const knownBucket = (bucket: string): string => {
    const buckets = [DEFAULT_BUCKET, ...Object.keys(progressive.buckets)];
    if (buckets.includes(bucket)) return bucket;
    throw new HttpProblem(422, 'unknown-bucket', `bucket ${JSON.stringify(bucket)} is not configured: expected ${buckets.join(', ')}`);
  };

  api.openapi(
    createRoute({
      method: 'post',
      path: '/api/v1/instruments/{id}/validations',
      middleware: [requireRole('operator')] as const,
      request: { params: instrumentPath, body: jsonBody(wish) },
      responses: answers(z.object({ id: z.string(), started: z.boolean() }), 'what was started, or runs already'),
    }),
    async (context) => {
      const { method, bucket } = context.req.valid('json');
      const place = { instrument: known(context.req.valid('param').id), bucket: knownBucket(bucket), method };
      return context.json(await answered(validations.start(place)), 200);
    },
  );

  api.openapi(
    createRoute({ method: 'get', path: '/api/v1/validations/{id}', request: { params: path }, responses: answers(row) }),
    async (context) => context.json(rowOf(await answered(validations.state(context.req.valid('param').id))), 200),
  );

  api.openapi(
    createRoute({
      method: 'get',
      path: '/api/v1/validations/{id}/report',
      request: { params: path, query: documentQuery },
      responses: documentAnswers('the report of a concluded validation'),
    }),
    async (context) => {
      const { id } = context.req.valid('param');
      const { format } = context.req.valid('query');
      const report = await registry.validations.reportOf(id);
      if (report === null)
        throw new HttpProblem(404, 'no-report', `${id} has not been concluded; GET /api/v1/validations/${id} says how far it is`);
      const artifact = format === 'json' ? report.numbers : report.page;
      if (artifact === null)
        throw new HttpProblem(404, 'no-page', `${id} was concluded by a version of Ratchet that made no page: ask for ?format=json`);
      const { text, headers } = await readDocument(artifacts, artifact, format);
      context.set('contentPolicy', PAGE_POLICY);
      return context.body(text, 200, headers);
    },
  );
};

/** What a refusal, an absence or a silence is to a caller of the API. */
const answered = <T>(call: Promise<T>): Promise<T> =>
  orProblem(
    call.catch((error: unknown) => {
      throw error instanceof ValidationMissing ? new HttpProblem(404, 'no-validation', error.message) : error;
    }),
  );
