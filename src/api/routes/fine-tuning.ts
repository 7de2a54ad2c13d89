import { createRoute, z } from '@hono/zod-openapi';
import { NoAnswer } from '../../client/errors.js';
import { requireRole } from '../access.js';
import type { Api } from '../app.js';
import type { ApiDependencies } from '../dependencies.js';
import { HttpProblem } from '../problem.js';
import { answers, jsonBody, knownInstrument, row, rowOf } from './answers.js';

const whose = z.strictObject({ instrument: z.string().optional().openapi({ description: 'all unless given', example: 'ES' }) });
const state = z.object({ id: z.string(), status: z.enum(['running', 'done', 'failed']), result: row.nullable() });

/** Fine-tuning sets: have one written if it is due, and see what became of the newest request. */
export const addFineTuningRoutes = (api: Api, { instruments, fineTuning }: ApiDependencies): void => {
  const known = knownInstrument(instruments);
  const named = ({ instrument }: z.output<typeof whose>): string | null => (instrument === undefined ? null : known(instrument));

  api.openapi(
    createRoute({
      method: 'post',
      path: '/api/v1/fine-tuning',
      middleware: [requireRole('operator')] as const,
      request: { body: jsonBody(whose) },
      responses: answers(z.object({ id: z.string().openapi({ example: 'fine-tuning-ES' }) })),
    }),
    async (context) => context.json({ id: await answered(fineTuning.begin(named(context.req.valid('json')))) }, 200),
  );

  api.openapi(
    createRoute({ method: 'get', path: '/api/v1/fine-tuning', request: { query: whose }, responses: answers(state) }),
    async (context) => {
      const instrument = named(context.req.valid('query'));
      const newest = await answered(fineTuning.newest(instrument));
      if (newest === null)
        throw new HttpProblem(404, 'no-fine-tuning', 'no fine-tuning set was asked for lately: POST /api/v1/fine-tuning');
      const { id, status, result } = newest;
      return context.json({ id, status, result: result === null ? null : rowOf(result) }, 200);
    },
  );
};

const answered = async <T>(asked: Promise<T>): Promise<T> => {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof NoAnswer) throw new HttpProblem(503, 'no-answer', error.message);
    throw error;
  }
};
