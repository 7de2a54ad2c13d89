import { createRoute, z } from '@hono/zod-openapi';
import { HALTED_SETTING } from '../../domain/model/serving-halt.js';
import type { PolicyServer } from '../../serving/create-policy-server.js';
import { requireRole } from '../access.js';
import type { Api } from '../app.js';
import type { ApiDependencies } from '../dependencies.js';
import { HttpProblem } from '../problem.js';
import { answers, because, jsonBody } from './answers.js';

const serving = z
  .object({
    halted: z.boolean().openapi({ description: 'the kill switch: every decision is flat' }),
    live: z.array(z.object({ instrument: z.string(), bucket: z.string(), version: z.string(), role: z.enum(['production', 'baseline']) })),
  })
  .openapi('Serving');

/** What answers decisions, and the kill switch, which is kept in the registry and obeyed by every policy server. */
export const addServingRoutes = (api: Api, { registry }: ApiDependencies, policies: PolicyServer): void => {
  const now = () => ({
    halted: policies.isHalted(),
    live: policies.serving().map(({ instrument, bucket, version, role }) => ({ instrument, bucket, version, role })),
  });

  api.openapi(createRoute({ method: 'get', path: '/api/v1/serving', responses: answers(serving) }), (context) => context.json(now(), 200));

  const halt = (name: 'halt' | 'release', halted: boolean): void =>
    void api.openapi(
      createRoute({
        method: 'post',
        path: `/api/v1/serving/${name}`,
        middleware: [requireRole('operator')] as const,
        request: { body: jsonBody(because) },
        responses: answers(serving),
      }),
      async (context) => {
        const { reason } = context.req.valid('json');
        if (halted) policies.halt(true); // at once: a registry that is away must not keep anybody trading
        await registry.settings.set(HALTED_SETTING, { halted, reason }, context.get('actor')).catch((error: unknown) => {
          throw new HttpProblem(
            503,
            'switch-not-kept',
            `the kill switch is ${policies.isHalted() ? 'on' : 'off'} at this server and could not be stored (${error instanceof Error ? error.message : String(error)}): other servers do not know, and a restart forgets it; send it again`,
          );
        });
        policies.halt(halted);
        return context.json(now(), 200);
      },
    );
  halt('halt', true);
  halt('release', false);
};
