import { createRoute, z } from '@hono/zod-openapi';
import type { Api } from '../app.js';
import type { ApiDependencies } from '../dependencies.js';
import { HttpProblem } from '../problem.js';
import { documentAnswers, documentQuery, PAGE_POLICY, readDocument } from '../documents.js';

/** `GET /api/v1/decisions/{decision}/evidence`: the evidence pack of a decision, as the page or (`?format=json`) as all its numbers. */
export const addEvidenceRoute = (api: Api, { registry, artifacts }: ApiDependencies): void => {
  const params = z.object({
    decision: z.coerce
      .number()
      .int()
      .positive()
      .openapi({ param: { name: 'decision', in: 'path' } }),
  });
  api.openapi(
    createRoute({
      method: 'get',
      path: '/api/v1/decisions/{decision}/evidence',
      request: { params, query: documentQuery },
      responses: documentAnswers('the evidence pack'),
    }),
    async (context) => {
      const { decision } = context.req.valid('param');
      const { format } = context.req.valid('query');
      const found = await registry.decisions.get(decision);
      if (found === null)
        throw new HttpProblem(404, 'unknown-decision', `there is no decision ${decision}; GET /api/v1/decisions lists them`);
      const id = format === 'json' ? found.evidencePack : found.evidencePage;
      if (id === null)
        throw new HttpProblem(404, 'no-evidence', `decision ${decision} was made by a version of Ratchet that kept no evidence pack`);
      const { text, headers } = await readDocument(artifacts, id, format);
      context.set('contentPolicy', PAGE_POLICY);
      return context.body(text, 200, headers);
    },
  );
};
