import { createRoute, z } from '@hono/zod-openapi';
import { planTransfer } from '../../config/buckets/plan-sequence.js';
import { transferKinds } from '../../domain/transfer/plan.js';
import { requireRole } from '../access.js';
import type { Api } from '../app.js';
import type { ApiDependencies } from '../dependencies.js';
import { answers, jsonBody, knownInstrument, page, row, rowOf } from './answers.js';
import { sequenceAnswer } from './sequences.js';

const wish = z.strictObject({
  instrument: z.string(),
  /** Bucket that hands on, and the version of it; its production unless given. */
  from: z.string(),
  from_version: z.string().optional(),
  /** Bucket that is trained. */
  to: z.string(),
  kinds: z.array(z.enum(transferKinds)).min(1).optional(),
  /** Blends weights also into a production that was trained independently. */
  force: z.boolean().default(false),
});

/** What models handed on to the trainings of others, with its measured effect; and a request to hand something on. */
export const addTransferRoutes = (api: Api, { registry, instruments, sequences, progressive }: ApiDependencies): void => {
  const known = knownInstrument(instruments);
  api.openapi(
    createRoute({ method: 'get', path: '/api/v1/transfers', request: { query: page }, responses: answers(z.array(row), 'newest first') }),
    async (context) => {
      const { instrument, limit, before } = context.req.valid('query');
      const found = await registry.transfers.list({ instrument: instrument ?? null, limit, before: before ?? null });
      return context.json(found.map(rowOf), 200);
    },
  );
  api.openapi(
    createRoute({
      method: 'post',
      path: '/api/v1/transfers',
      middleware: [requireRole('operator')] as const,
      request: { body: jsonBody(wish) },
      responses: answers(z.object({ id: z.string() })),
    }),
    async (context) => {
      const { instrument, from, from_version: version, to, kinds, force } = context.req.valid('json');
      const id = await sequenceAnswer(() =>
        sequences.transfer(
          known(instrument),
          planTransfer(progressive, {
            from,
            to,
            force,
            ...(version === undefined ? {} : { version }),
            ...(kinds === undefined ? {} : { kinds }),
          }),
        ),
      );
      return context.json({ id }, 200);
    },
  );
};
