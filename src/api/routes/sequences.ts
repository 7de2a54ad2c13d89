import { createRoute, z } from '@hono/zod-openapi';
import { LearnerMissing, NoAnswer, Refused } from '../../client/errors.js';
import { SequenceMissing } from '../../client/sequence-client.js';
import { InvalidConfig } from '../../config/layers.js';
import { bucketsNamed } from '../../config/buckets/expand-regimes.js';
import { planSequence, type SequenceWish } from '../../config/buckets/plan-sequence.js';
import { requireRole } from '../access.js';
import type { Api } from '../app.js';
import type { ApiDependencies } from '../dependencies.js';
import { HttpProblem } from '../problem.js';
import { answers, instrumentPath, jsonBody, knownInstrument, row, rowOf } from './answers.js';

const whole = z.number().int().positive();

const wish = z.strictObject({
  instrument: z.string(),
  /** Goes on with the newest sequence, from `bucket` on where it has ended. */
  resume: z.boolean().default(false),
  bucket: z.string().optional(),
  sequence: z.array(z.string()).min(1).max(32).optional(),
  episodes: z.union([whole, z.record(z.string(), whole)]).optional(),
  transfer: z.boolean().optional(),
  /** Chooses the order by what transfers were measured to be worth. */
  curriculum: z.boolean().optional(),
  /** Buckets trained at once, where nothing is handed on. */
  parallel: whole.max(32).optional(),
  /** Bucket whose production the first one starts from. */
  from: z.string().optional(),
  ui_params: z
    .strictObject({
      horizon_range: z
        .tuple([whole, whole.max(4_096)])
        .refine(([shortest, longest]) => shortest <= longest, 'expected the shortest first')
        .optional(),
      frequency: z
        .string()
        .regex(/^[1-9]\d{0,4}[smhd]$/, 'expected a whole number and s, m, h or d, such as 1h')
        .optional(),
      capital_allocation: z.number().positive().max(1).optional(),
    })
    .default({}),
});

const path = z.object({ id: z.string().regex(/^sequence-.+-\d{6,}$/, 'expected an id such as sequence-ES-000001') });

/** Progressive sequences: start or go on with one, look at it, and tell it to pause, resume or stop. */
export const addSequenceRoutes = (api: Api, { instruments, sequences, progressive }: ApiDependencies): void => {
  const known = knownInstrument(instruments);
  const bucketsToResume = (name: string): string[] => {
    const named = bucketsNamed(progressive.buckets, name);
    return named.length === 0 ? [name] : named; // a sequence may have buckets that are configured no more
  };
  api.openapi(
    createRoute({
      method: 'post',
      path: '/api/v1/sequences',
      middleware: [requireRole('operator')] as const,
      request: { body: jsonBody(wish) },
      responses: answers(z.object({ id: z.string() })),
    }),
    async (context) => {
      const asked = context.req.valid('json');
      const { bucket, resume } = asked;
      const instrument = known(asked.instrument);
      const id = await sequenceAnswer(async () =>
        resume
          ? sequences.resume(instrument, bucket === undefined ? undefined : bucketsToResume(bucket))
          : sequences.start(instrument, planSequence(progressive, wishOf(asked))),
      );
      return context.json({ id }, 200);
    },
  );
  api.openapi(
    createRoute({ method: 'get', path: '/api/v1/sequences/{id}', request: { params: path }, responses: answers(row) }),
    async (context) => context.json(rowOf(await sequenceAnswer(() => sequences.progress(context.req.valid('param').id))), 200),
  );
  for (const verb of ['pause', 'resume', 'stop'] as const) {
    const told = { middleware: requireRole('operator'), responses: answers(z.object({ id: z.string() })) };
    api.openapi(
      createRoute({ method: 'post', ...told, path: `/api/v1/sequences/{id}/${verb}`, request: { params: path } }),
      async (context) => {
        const { id } = context.req.valid('param');
        await sequenceAnswer(() => sequences.tell(id, verb));
        return context.json({ id }, 200);
      },
    );
    api.openapi(
      createRoute({ method: 'post', ...told, path: `/api/v1/instruments/{id}/sequence/${verb}`, request: { params: instrumentPath } }),
      async (context) => context.json({ id: await sequenceAnswer(() => sequences.tellNewest(context.req.valid('param').id, verb)) }, 200),
    );
  }
};

const wishOf = ({
  bucket,
  sequence,
  episodes,
  transfer,
  curriculum,
  parallel,
  from,
  ui_params: ui,
}: z.output<typeof wish>): SequenceWish => {
  const buckets = sequence ?? (bucket === undefined ? undefined : [bucket]);
  const [shortest, longest] = ui.horizon_range ?? [];
  return {
    ...(buckets === undefined ? {} : { buckets }),
    ...(episodes === undefined ? {} : { episodes }),
    ...(transfer === undefined ? {} : { transfer }),
    ...(curriculum === undefined ? {} : { curriculum }),
    ...(parallel === undefined ? {} : { parallel }),
    ...(from === undefined ? {} : { from }),
    ...(shortest === undefined || longest === undefined ? {} : { horizon: { shortest, longest } }),
    ...(ui.frequency === undefined ? {} : { frequency: ui.frequency }),
    ...(ui.capital_allocation === undefined ? {} : { capitalAllocation: ui.capital_allocation }),
  };
};

/** What a refusal, an absence or a silence is to a caller of the API. */
export const sequenceAnswer = async <T>(call: () => Promise<T>): Promise<T> => {
  try {
    return await call();
  } catch (error) {
    if (error instanceof InvalidConfig) throw new HttpProblem(422, 'invalid-sequence', error.message);
    if (error instanceof Refused) throw new HttpProblem(409, 'refused', error.message);
    if (error instanceof SequenceMissing || error instanceof LearnerMissing) throw new HttpProblem(404, 'no-sequence', error.message);
    if (error instanceof NoAnswer) throw new HttpProblem(503, 'no-answer', error.message);
    throw error;
  }
};
