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
  const api = await apiAddress(home);
  return async (schema, path, query = {}) => {
    const url = new URL(path, api);
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
    return schema.parse(camelKeys(await (await answered(url, apiToken)).json()));
  };
};

/** Tells the API of the running Ratchet something. Throws `NotRunning`, `ApiRefused`. */
export type TellApi = <Schema extends z.ZodType>(
  schema: Schema,
  path: string,
  body?: Readonly<Record<string, unknown>>,
) => Promise<z.infer<Schema>>;

/** Finds the API like `openApi`, for requests that change something. Throws `NotRunning`. */
export const openApiToTell = async ({ home, apiToken }: Pick<Environment, 'home' | 'apiToken'>): Promise<TellApi> => {
  const api = await apiAddress(home);
  return async (schema, path, body = {}) => schema.parse(camelKeys(await (await answered(new URL(path, api), apiToken, body)).json()));
};

/** Reads a document of the API as text. Throws `NotRunning`, `ApiRefused`. */
export const readDocument = async ({ home, apiToken }: Pick<Environment, 'home' | 'apiToken'>, path: string): Promise<string> =>
  (await answered(new URL(path, await apiAddress(home)), apiToken)).text();

/** Where the API of the Ratchet that runs on a state folder answers. Throws `NotRunning`. */
export const apiAddress = async (home: string): Promise<string> => {
  const { api } = await runningEndpoints(home);
  if (api !== null) return api;
  throw new NotRunning(`Ratchet on ${home} runs without its API: "npm start" brings everything up`);
};

const answered = async (url: URL, token: string | null, body?: Readonly<Record<string, unknown>>): Promise<Response> => {
  const response = await request(url, token, body);
  if (response.ok) return response;
  const { data } = problem.safeParse(await response.json());
  throw new ApiRefused(data?.detail ?? `${url.href} answered with ${response.status}`);
};

const request = async (url: URL, token: string | null, body: Readonly<Record<string, unknown>> | undefined): Promise<Response> => {
  const authorization = token === null ? {} : { authorization: `Bearer ${token}` };
  const posted = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const headers = body === undefined ? authorization : { ...authorization, 'content-type': 'application/json' };
  try {
    return await fetch(url, { ...posted, headers, signal: AbortSignal.timeout(DEADLINE_MS) });
  } catch (error) {
    const reason = error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : String(error);
    throw new NotRunning(`the API at ${url.origin} does not answer (${reason}): see "ratchet status"`);
  }
};

const listed = z.array(z.object({ id: z.string() }));

/** The instrument that was named, or all that are watched, learned or served. */
export const instrumentsAsked = async (ask: AskApi, named: string | undefined): Promise<string[]> =>
  named === undefined ? (await ask(listed, '/api/v1/instruments')).map(({ id }) => id) : [named];
