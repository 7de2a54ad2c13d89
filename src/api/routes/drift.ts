import { createRoute, z } from '@hono/zod-openapi';
import type { Api } from '../app.js';
import type { ApiDependencies } from '../dependencies.js';
import { answers, knownInstrument, row, rowOf } from './answers.js';

const query = z.object({
  instrument: z.string(),
  bucket: z.string().default('default'),
  limit: z.coerce.number().int().min(1).max(200).default(20),
});

/** `GET /api/v1/drift`: what the looks for drift have found, feature by feature, newest first. */
export const addDriftRoute = (api: Api, { registry, instruments }: ApiDependencies): void => {
  const known = knownInstrument(instruments);
  api.openapi(
    createRoute({ method: 'get', path: '/api/v1/drift', request: { query }, responses: answers(z.array(row), 'newest first') }),
    async (context) => {
      const { instrument, bucket, limit } = context.req.valid('query');
      return context.json((await registry.driftLooks.list(known(instrument), bucket, limit)).map(rowOf), 200);
    },
  );
};
