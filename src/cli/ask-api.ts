import { z } from 'zod';
import type { Environment } from '../config/environment.js';
import { camelKeys } from '../config/keys.js';
import { NotRunning, runningEndpoints } from './running.js';

/** The API answered that it cannot, or may not, say what was asked. */
export class ApiRefused extends Error {
  override readonly name = 'ApiRefused';
}

/** Asks the API of the running Ratchet. Throws `NotRunning`, `ApiRefused`. */
export type AskApi = <Schema extends z.ZodType>(
  schema: Schema,
  path: string,
  query?: Readonly<Record<string, string | undefined>>,
) => Promise<z.infer<Schema>>;

const DEADLINE_MS = 10_000;
const problem = z.object({ detail: z.string() });

/** Finds the API of the Ratchet that runs on the environment's state folder; answers are read with camel-case keys. Throws `NotRunning`. */
export const openApi = async ({ home, apiToken }: Pick<Environment, 'home' | 'apiToken'>): Promise<AskApi> => {
  const { api } = await runningEndpoints(home);
  if (api === null) throw new NotRunning(`Ratchet on ${home} runs without its API: "npm start" brings everything up`);
  return async (schema, path, query = {}) => {
    const url = new URL(path, api);
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
    const response = await request(url, apiToken);
    const answer: unknown = await response.json();
    if (response.ok) return schema.parse(camelKeys(answer));
    const { data } = problem.safeParse(answer);
    throw new ApiRefused(data?.detail ?? `${url.href} answered with ${response.status}`);
  };
};

const request = async (url: URL, token: string | null): Promise<Response> => {
  const headers = token === null ? {} : { authorization: `Bearer ${token}` };
  try {
    return await fetch(url, { headers, signal: AbortSignal.timeout(DEADLINE_MS) });
  } catch (error) {
    const reason = error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : String(error);
    throw new NotRunning(`the API at ${url.origin} does not answer (${reason}): see "ratchet status"`);
  }
};

const listed = z.array(z.object({ id: z.string() }));

/** The instrument that was named, or all that are watched, learned or served. */
export const instrumentsAsked = async (ask: AskApi, named: string | undefined): Promise<string[]> =>
  named === undefined ? (await ask(listed, '/api/v1/instruments')).map(({ id }) => id) : [named];
