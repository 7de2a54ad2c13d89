import type { Context } from 'hono';
import type { ApiEnvironment } from '../access.js';
import { HttpProblem } from '../problem.js';
import { FieldRefused } from './complete-experience.js';
import { Overloaded } from './group-commit.js';
import { StreamTooLarge } from './read-lines.js';

/** The chunks of a request's body. Throws a 400 for an empty one. */
export const bodyOf = (context: Context<ApiEnvironment>): AsyncIterable<Uint8Array> => {
  const { body } = context.req.raw;
  if (body === null) throw new HttpProblem(400, 'empty-body', 'the body is empty: send one experience a line');
  return body;
};

/** What was asked cannot be done now; the caller is told when to come again. */
export const busy = (status: 429 | 503, type: string, detail: string, retryAfterSeconds: number): HttpProblem =>
  new HttpProblem(status, type, detail, {}, { 'retry-after': String(retryAfterSeconds) });

/** What of storing fails, as the problem that the caller is told. */
export const orProblem = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof HttpProblem) throw error;
    if (error instanceof FieldRefused)
      throw new HttpProblem(422, 'invalid-input', error.message, { issues: [{ field: error.field, message: error.message }] });
    if (error instanceof Overloaded) throw busy(429, 'overloaded', error.message, 1);
    if (error instanceof StreamTooLarge) throw new HttpProblem(413, 'body-too-large', error.message);
    if (isCutOff(error)) throw new HttpProblem(400, 'cut-off', 'the body ended before it was whole: send it again');
    throw busy(
      503,
      'not-stored',
      `not all could be stored (${error instanceof Error ? error.message : String(error)}): send it again, what is stored already does no harm`,
      5,
    );
  }
};

/** The caller went away in the middle of its body. */
const isCutOff = (error: unknown): boolean => error instanceof Error && (error.name === 'AbortError' || error.message === 'aborted');
