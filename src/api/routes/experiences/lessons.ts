import { createRoute, z } from '@hono/zod-openapi';
import type { Api } from '../../app.js';
import type { ApiDependencies } from '../../dependencies.js';
import { nearestTrade, nearestTrades } from '../../experiences/nearest-trades.js';
import { HttpProblem } from '../../problem.js';
import { answers, knownInstrument, row, rowOf } from '../answers.js';

/** What was learned from trades: the lessons of an instrument, and the past trades most like one of them. */
export const addLessonRoutes = (api: Api, { instruments, registry }: Pick<ApiDependencies, 'instruments' | 'registry'>): void => {
  const { experiences } = registry;
  const known = knownInstrument(instruments);

  api.openapi(
    createRoute({
      method: 'get',
      path: '/api/v1/lessons',
      request: { query: z.object({ instrument: z.string(), n: z.coerce.number().int().min(1).max(200).default(10) }) },
      responses: answers(
        z.array(row),
        'lessons by the trades that taught them, most first; won is the share that earned something, pnl their mean outcome',
      ),
    }),
    async (context) => {
      const { instrument, n } = context.req.valid('query');
      return context.json((await experiences.lessons(known(instrument), n)).map(rowOf), 200);
    },
  );

  api.openapi(
    createRoute({
      method: 'get',
      path: '/api/v1/experiences/{id}/nearest',
      description: 'The past trades in the situations most like that of a trade: only such as were over when it was decided.',
      request: {
        params: z.object({ id: z.string().openapi({ param: { name: 'id', in: 'path' } }) }),
        query: z.object({ n: z.coerce.number().int().min(1).max(50).default(5) }),
      },
      responses: answers(z.array(nearestTrade)),
    }),
    async (context) => {
      const { id } = context.req.valid('param');
      const [experience, situation] = await Promise.all([experiences.get(id), experiences.situationOf(id)]);
      if (experience === null) throw new HttpProblem(404, 'unknown-experience', `no experience ${JSON.stringify(id)} is stored`);
      if (situation === null)
        throw new HttpProblem(
          404,
          'no-situation',
          `the situation of ${JSON.stringify(id)} is not known: it is no trade, its bars are not stored, or it came a moment ago`,
        );
      const { name, features } = situation;
      const asked = { instrument: experience.instrument, name, features, at: experience.decisionTime, count: context.req.valid('query').n };
      return context.json(await nearestTrades(experiences, asked), 200);
    },
  );
};
