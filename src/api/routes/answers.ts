import { z } from '@hono/zod-openapi';
import { snakeMapping } from '../../config/keys.js';
import { isStorableText } from '../../domain/storable-text.js';
import { HttpProblem } from '../problem.js';

const problem = z
  .object({ type: z.string(), title: z.string(), status: z.number(), detail: z.string() })
  .openapi('Problem', { description: 'RFC 9457: detail says what, which value, what was expected and what to do.' });

/** The responses of a route whose success is `schema` with status 200: every other answer is a problem. */
export const answers = <Schema extends z.ZodType>(schema: Schema, description = 'the answer') => ({
  200: { description, content: { 'application/json': { schema } } },
  default: { description: 'a refusal', content: { 'application/problem+json': { schema: problem } } },
});

/** A body of JSON that is checked also when it is missing. */
export const jsonBody = <Schema extends z.ZodType>(schema: Schema) => ({ required: true, content: { 'application/json': { schema } } });

/** An instrument in the path. */
export const instrumentPath = z.object({
  id: z.string().openapi({ param: { name: 'id', in: 'path' }, example: 'ES' }),
});

/** The instrument of that id. Throws a 404 for one that is not configured. */
export const knownInstrument =
  (instruments: readonly string[]) =>
  (id: string): string => {
    if (instruments.includes(id)) return id;
    const known = instruments.join(', ') || 'none';
    throw new HttpProblem(404, 'unknown-instrument', `instrument ${JSON.stringify(id)} is not configured here; known: ${known}`);
  };

/** Why a person asks, which is recorded. */
export const because = z.strictObject({
  reason: z
    .string()
    .min(1)
    .max(500)
    .refine(isStorableText, 'expected text without NUL characters and halves of surrogate pairs')
    .openapi({ example: 'slippage doubled since Tuesday' }),
});

/** Of a PostgreSQL `integer`, which versions are numbered by. */
const LARGEST_NUMBER = 2_147_483_647;

/** Pages go backwards from `before`, the number of the last row seen. */
export const page = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  before: z.coerce.number().int().positive().max(LARGEST_NUMBER).optional(),
  instrument: z.string().optional(),
  bucket: z.string().default('default'),
});

/** A record of the registry or a learner; its fields are those of their types, in snake case. */
export const row = z.record(z.string(), z.unknown());

/** A record as it goes out. */
export const rowOf = (record: object): z.output<typeof row> => snakeMapping({ ...record });
