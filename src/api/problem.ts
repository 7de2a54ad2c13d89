import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** A refusal that the caller can act on; thrown anywhere in a route, rendered once as `application/problem+json` (RFC 9457). */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  constructor(
    readonly status: ContentfulStatusCode,
    /** Short and stable, such as `unknown-instrument`. */
    readonly type: string,
    /** What, which value, what was expected, what to do. */
    detail: string,
    readonly extra: Readonly<Record<string, unknown>> = {},
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
  }
}

/** The response of a problem. */
export const renderProblem = (context: Context, problem: HttpProblem): Response =>
  context.json(
    {
      type: `urn:ratchet:${problem.type}`,
      title: problem.type.replaceAll('-', ' '),
      status: problem.status,
      detail: problem.message,
      ...problem.extra,
    },
    problem.status,
    {
      ...problem.headers,
      'content-type': 'application/problem+json',
    },
  );
