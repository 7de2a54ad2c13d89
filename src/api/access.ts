import { createHash, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { HttpProblem } from './problem.js';

export type Role = 'viewer' | 'operator' | 'admin';
const RANK: Readonly<Record<Role, number>> = { viewer: 0, operator: 1, admin: 2 };

/** Who may call, and as what; without any token everybody on this machine is the local admin. */
export interface AccessToken {
  readonly actor: string;
  readonly role: Role;
  readonly token: string;
}

/** Variables that the guards set for the routes, and routes for the guards. */
export interface ApiVariables {
  actor: string;
  role: Role;
  /** What the page that a route answers with may load, where that is not the general rule. */
  contentPolicy?: string;
}
export interface ApiEnvironment {
  Variables: ApiVariables;
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]', '::1']);

export const isLoopback = (host: string): boolean => LOOPBACK.has(host);

/** `name:role:token` entries separated by commas, as in `RATCHET_API_TOKENS`. Throws `RangeError` on anything else. */
export const parseTokens = (text: string | undefined): AccessToken[] =>
  (text ?? '')
    .split(',')
    .filter((entry) => entry.trim() !== '')
    .map((entry) => {
      const [actor, role, token] = entry.trim().split(':');
      if (!actor || !token || token.length < 16 || !isRole(role))
        throw new RangeError(
          `RATCHET_API_TOKENS: expected entries name:role:token with role viewer, operator or admin and a token of at least 16 characters; the entry for ${JSON.stringify(actor ?? '')} is not one`,
        );
      return { actor, role, token };
    });

const isRole = (text: string | undefined): text is Role => text !== undefined && text in RANK;

/**
 * Refuses requests that name another host (DNS rebinding) or come from a page of another origin, and, where tokens are set, those without one.
 * `open` paths need no token.
 */
export const guardAccess = (options: {
  host: string;
  tokens: readonly AccessToken[];
  open: readonly string[];
}): MiddlewareHandler<ApiEnvironment> => {
  const digests = options.tokens.map(({ actor, role, token }) => ({ actor, role, digest: sha256(token) }));
  return async (context, next) => {
    const host = new URL(context.req.url).host;
    const named = context.req.header('host') ?? host;
    const hostname = named.replace(/:\d+$/, '');
    if (isLoopback(options.host) && !isLoopback(hostname))
      throw new HttpProblem(
        421,
        'wrong-host',
        `this server answers on the loopback address only; the request named host ${JSON.stringify(hostname)}`,
      );
    const origin = context.req.header('origin');
    if (origin !== undefined && origin !== `http://${named}` && origin !== `https://${named}`)
      throw new HttpProblem(
        403,
        'wrong-origin',
        `requests from pages of ${JSON.stringify(origin)} are refused; open the page of this server`,
      );
    if (digests.length === 0) {
      context.set('actor', 'local');
      context.set('role', 'admin');
    } else if (!options.open.includes(context.req.path)) {
      const given = /^Bearer (.+)$/.exec(context.req.header('authorization') ?? '')?.[1];
      const known = given === undefined ? undefined : digests.find(({ digest }) => timingSafeEqual(digest, sha256(given)));
      if (known === undefined) throw new HttpProblem(401, 'unauthorized', 'send a token of this server as "Authorization: Bearer …"');
      context.set('actor', known.actor);
      context.set('role', known.role);
    }
    await next();
  };
};

/** Lets only callers of at least `role` through. */
export const requireRole =
  (role: Role): MiddlewareHandler<ApiEnvironment> =>
  async (context, next) => {
    const has = context.get('role');
    if (RANK[has] < RANK[role])
      throw new HttpProblem(403, 'forbidden', `this call needs the role ${role}; ${context.get('actor')} is ${has}`);
    await next();
  };

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
