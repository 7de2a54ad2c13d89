import { createRoute, z } from '@hono/zod-openapi';
import { ArtifactMissing } from '../../domain/artifact-errors.js';
import type { ArtifactStore } from '../../domain/ports.js';
import type { Api } from '../app.js';
import type { ApiDependencies } from '../dependencies.js';
import { HttpProblem } from '../problem.js';
import { answers } from './answers.js';

/** The page carries its style and nothing that runs. */
const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/** `GET /api/v1/decisions/{decision}/evidence`: the evidence pack of a decision, as the page or (`?format=json`) as all its numbers. */
export const addEvidenceRoute = (api: Api, { registry, artifacts }: ApiDependencies): void => {
  const { 200: json, default: refusal } = answers(z.unknown(), 'the evidence pack');
  const content = { ...json.content, 'text/html': { schema: z.string() } };
  const params = z.object({
    decision: z.coerce
      .number()
      .int()
      .positive()
      .openapi({ param: { name: 'decision', in: 'path' } }),
  });
  const query = z.object({ format: z.enum(['html', 'json']).default('html') });
  api.openapi(
    createRoute({
      method: 'get',
      path: '/api/v1/decisions/{decision}/evidence',
      request: { params, query },
      responses: { 200: { description: json.description, content }, default: refusal },
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
      const text = await readText(artifacts, id);
      context.set('contentPolicy', PAGE_POLICY);
      context.header('x-artifact', id);
      if (format === 'json') return context.body(text, 200, { 'content-type': 'application/json' });
      return context.body(text, 200, { 'content-type': 'text/html; charset=utf-8' });
    },
  );
};

const readText = async (artifacts: ArtifactStore, id: string): Promise<string> => {
  try {
    return new TextDecoder().decode(await artifacts.get(id));
  } catch (error) {
    if (error instanceof ArtifactMissing) throw new HttpProblem(410, 'evidence-deleted', error.message);
    throw error;
  }
};
