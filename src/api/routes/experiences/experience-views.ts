import { createRoute, z } from '@hono/zod-openapi';
import { dayFile } from '../../../domain/experience/day-file.js';
import { experienceJson } from '../../../domain/experience/experience-json.js';
import type { StoredExperience } from '../../../registry/experiences/stored-experience.js';
import { requireRole } from '../../access.js';
import type { Api } from '../../app.js';
import type { ApiDependencies } from '../../dependencies.js';
import { insight } from '../../experiences/body.js';
import { HttpProblem } from '../../problem.js';
import { answers, jsonBody, knownInstrument, row, rowOf } from '../answers.js';

const asked = z.object({ instrument: z.string().openapi({ example: 'ES' }), n: z.coerce.number().int().min(1).max(1_000).default(10) });

/** Experiences go out: counted, the best, the worst, one by its id; and a person's explanation of one comes in. */
export const addExperienceViews = (api: Api, { instruments, registry, artifacts, experiences }: ApiDependencies): void => {
  const known = knownInstrument(instruments);

  api.openapi(
    createRoute({
      method: 'get',
      path: '/api/v1/experiences/stats',
      request: { query: asked.pick({ instrument: true }) },
      responses: answers(row),
    }),
    async (context) => {
      const instrument = known(context.req.valid('query').instrument);
      const [statistics, production, versions] = await Promise.all([
        registry.experiences.statistics(instrument),
        registry.production.current(instrument, 'default'),
        registry.versions.list(instrument, 'default', { limit: 1 }),
      ]);
      const { bufferSize } = experiences;
      const buffer = { size: bufferSize, filled: Math.min(bufferSize, statistics.stored) };
      const rest = { buffer, production: production?.version ?? null, versions: versions[0]?.number ?? 0 };
      return context.json(rowOf({ instrument, ...statistics, ...rest }), 200);
    },
  );

  const view = (name: 'high-value' | 'failed', read: typeof registry.experiences.highValue, description: string): void =>
    void api.openapi(
      createRoute({
        method: 'get',
        path: `/api/v1/experiences/${name}`,
        request: { query: asked },
        responses: answers(z.array(row), description),
      }),
      async (context) => {
        const { instrument, n } = context.req.valid('query');
        return context.json(
          (await read(known(instrument), n)).map(({ value, ...rest }) => ({ value, ...shown(rest) })),
          200,
        );
      },
    );
  view('high-value', registry.experiences.highValue, 'trades by outcome, best first; value is the outcome in standard deviations');
  view('failed', registry.experiences.failed, 'trades that lost, worst first');

  api.openapi(
    createRoute({
      method: 'get',
      path: '/api/v1/experiences/days',
      request: { query: asked.pick({ instrument: true }) },
      responses: answers(z.array(z.iso.date()), 'days (UTC) that hold experiences, archived or not, oldest first'),
    }),
    async (context) => context.json(await registry.experiences.archive.days(known(context.req.valid('query').instrument)), 200),
  );

  const day = z.object({ day: z.iso.date().openapi({ param: { name: 'day', in: 'path' }, example: '2026-03-02' }) });
  api.openapi(
    createRoute({
      method: 'get',
      path: '/api/v1/experiences/days/{day}',
      description: 'All experiences of a day (UTC), archived or not, as NDJSON that can be sent again.',
      request: { params: day, query: asked.pick({ instrument: true }) },
      responses: {
        ...answers(z.string()),
        200: { description: 'one experience a line', content: { 'text/plain': { schema: z.string() } } },
      },
    }),
    async (context) => {
      const instrument = known(context.req.valid('query').instrument);
      const { stored, archived } = await registry.experiences.archive.day(instrument, context.req.valid('param').day);
      const before = archived === null ? '' : new TextDecoder().decode(await artifacts.get(archived.artifact));
      return context.text(dayFile(stored, before).content, 200, { 'content-type': 'application/x-ndjson' });
    },
  );

  const one = z.object({ id: z.string().openapi({ param: { name: 'id', in: 'path' } }) });
  const missing = (id: string): HttpProblem => new HttpProblem(404, 'unknown-experience', `no experience ${JSON.stringify(id)} is stored`);

  api.openapi(
    createRoute({ method: 'get', path: '/api/v1/experiences/{id}', request: { params: one }, responses: answers(row) }),
    async (context) => {
      const { id } = context.req.valid('param');
      const found = await registry.experiences.get(id);
      if (found === null) throw missing(id);
      return context.json(shown(found), 200);
    },
  );

  api.openapi(
    createRoute({
      method: 'put',
      path: '/api/v1/experiences/{id}/insight',
      middleware: [requireRole('operator')] as const,
      request: { params: one, body: jsonBody(insight) },
      responses: answers(z.object({ id: z.string() })),
    }),
    async (context) => {
      const { id } = context.req.valid('param');
      const { reasoning, lessons_learned: lessonsLearned } = context.req.valid('json');
      if (!(await registry.experiences.explain(id, { reasoning, lessonsLearned }, context.get('actor')))) throw missing(id);
      return context.json({ id }, 200);
    },
  );
};

const shown = (experience: StoredExperience) => ({
  ...experienceJson(experience),
  annotated_by: experience.annotatedBy,
  annotated_at: experience.annotatedAt,
  received_at: experience.receivedAt,
});
