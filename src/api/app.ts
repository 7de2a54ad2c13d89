import { OpenAPIHono } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { secureHeaders } from 'hono/secure-headers';
import type { Logger } from '../domain/ports.js';
import { type AccessToken, type ApiEnvironment, guardAccess } from './access.js';
import { HttpProblem, renderProblem } from './problem.js';

/** The application that the routes are added to. */
export type Api = OpenAPIHono<ApiEnvironment>;

const BODY_LIMIT_BYTES = 1_000_000;
/** So long are 20,000 bars, with stamps as text and every digit of their prices. */
const DECISION_LIMIT_BYTES = 6_000_000;
const DEPTH_LIMIT = 32;

export interface ApiOptions {
  readonly host: string;
  readonly tokens: readonly AccessToken[];
  readonly logger: Logger;
  readonly version: string;
  /** Paths whose bodies are no JSON and longer than elsewhere: their routes read and bound them. */
  readonly streamed?: readonly string[];
}

/** An empty API with its guards: host and origin checks, tokens, JSON only, 1 MB (6 MB of bars to decide on) and 32 levels at most, problems as `application/problem+json`. */
export const createApi = (options: ApiOptions): Api => {
  const api: Api = new OpenAPIHono<ApiEnvironment>({
    defaultHook: (result) => {
      if (result.success) return;
      const issues = result.error.issues.map(({ path, message }) => ({ field: path.join('.'), message }));
      const first = issues[0];
      throw new HttpProblem(
        422,
        'invalid-input',
        first === undefined ? 'the input is not valid' : `${first.field === '' ? 'body' : first.field}: ${first.message}`,
        { issues },
      );
    },
  });
  api.onError((error, context) => {
    if (error instanceof HttpProblem) return renderProblem(context, error);
    options.logger.error('request failed', { method: context.req.method, path: context.req.path, error: error.stack ?? error.message });
    return renderProblem(context, new HttpProblem(500, 'internal-error', 'the request failed inside the server; its log has the reason'));
  });
  api.notFound((context) =>
    renderProblem(
      context,
      new HttpProblem(404, 'unknown-route', `nothing answers ${context.req.method} ${context.req.path}; see /openapi.json`),
    ),
  );
  api.use(async (context, next) => {
    await next();
    const policy = context.get('contentPolicy');
    if (policy !== undefined) context.header('content-security-policy', policy); // after the general one was set
  });
  api.use(secureHeaders({ contentSecurityPolicy: { defaultSrc: ["'self'"] } }));
  api.use(guardAccess({ host: options.host, tokens: options.tokens, open: ['/api/v1/ping', '/healthz', '/readyz'] }));
  const isStreamed = (path: string): boolean => options.streamed?.includes(path) === true;
  const ordinary = limitedTo(BODY_LIMIT_BYTES);
  const decision = limitedTo(DECISION_LIMIT_BYTES);
  api.use((context, next) => {
    const { path } = context.req;
    if (isStreamed(path)) return next();
    return (path.endsWith('/decision') ? decision : ordinary)(context, next);
  });
  api.use(async (context, next) => {
    if (context.req.method === 'GET' || context.req.method === 'HEAD' || isStreamed(context.req.path)) return next();
    const text = await context.req.text();
    if (text === '' && isJson(context.req.header('content-type')))
      throw new HttpProblem(400, 'malformed-json', 'the body is empty: send {} at least');
    if (text !== '') {
      if (!isJson(context.req.header('content-type'))) throw new HttpProblem(415, 'not-json', 'send the body as application/json');
      assertJson(text);
    }
    return next();
  });
  api.doc31('/openapi.json', { openapi: '3.1.0', info: { title: 'Ratchet', version: options.version } });
  return api;
};

/** Refuses bodies of more bytes. One whose length is announced is not counted again, which is dear: the server reads no more than that. */
const limitedTo = (bytes: number): MiddlewareHandler<ApiEnvironment> => {
  const refuse = (): never => {
    throw new HttpProblem(413, 'body-too-large', `the body is larger than ${bytes} bytes, the most that is read here: send less at once`);
  };
  const count = bodyLimit({ maxSize: bytes, onError: refuse });
  return (context, next) => {
    const length = context.req.header('transfer-encoding') === undefined ? context.req.header('content-length') : undefined;
    if (length === undefined) return count(context, next);
    return Number(length) > bytes ? refuse() : next();
  };
};

const isJson = (contentType = ''): boolean => /^application\/json *(;|$)/i.test(contentType);

const assertJson = (text: string): void => {
  if (depth(text) > DEPTH_LIMIT) throw new HttpProblem(400, 'too-deep', `the body is nested deeper than ${DEPTH_LIMIT} levels`);
  try {
    JSON.parse(text);
  } catch (error) {
    throw new HttpProblem(400, 'malformed-json', `the body is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
};

/** Deepest nesting of brackets outside strings. */
const depth = (text: string): number => {
  let level = 0;
  let deepest = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (quoted) {
      if (character === '\\') i++;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '{' || character === '[') deepest = Math.max(deepest, ++level);
    else if (character === '}' || character === ']') level--;
  }
  return deepest;
};
