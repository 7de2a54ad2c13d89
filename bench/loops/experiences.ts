import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import pg from 'pg';
import { startApi } from '../../test/support/services/api-process.js';
import { sentExperience } from '../../test/support/experiences.js';
import { closeAfterAllTests } from '../../test/support/hooks.js';
import { startPostgresServer } from '../../test/support/services/postgres-server.js';
import type { Bench, Figure } from '../figure.js';

/** Promised experiences per second. */
const BULK_LIMIT = 10_000;
const SINGLE_LIMIT = 2_000;
const ROUND = 10_000;
const ROUNDS = 6;
const SINGLES = 12_000;
const CALLERS = 256;

/** State vectors: the private state of a Ratchet model, and a foreign one of the default length. */
const LENGTHS = [4, 200] as const;

/** How many experiences a second the API takes, over HTTP into PostgreSQL with synchronous commits, all three on this machine. */
export const experiences: Bench = async () => {
  const home = await mkdtemp(join(tmpdir(), 'ratchet-experiences-'));
  const server = await startPostgresServer();
  try {
    const schemas = Object.fromEntries(LENGTHS.map((length) => [`of ${length}`, length]));
    const api = await startApi({
      home,
      databaseUrl: server.url,
      temporalAddress: '127.0.0.1:1',
      config: { experiences: { schemas }, serving: { port: 0 } },
      env: { RATCHET_LOG_LEVEL: 'error' },
    });
    await sendAll(target(api.port), [bulkBody(4, 'warm up', 2_000)]);
    const figures: Figure[] = [];
    for (const length of LENGTHS) figures.push(await bulkFigure(api.port, length));
    figures.push(await singleFigure(api.port));
    await assertStored(server.url, 2_000 + LENGTHS.length * ROUNDS * ROUND + SINGLES);
    await api.stop();
    return figures;
  } finally {
    await server.remove();
    await rm(home, { recursive: true, force: true });
    await closeAfterAllTests();
  }
};

interface Target {
  readonly agent: Agent;
  readonly port: number;
}

/** The server closes what idles, unnoticed while bodies are being made: connections are new for each figure. */
const target = (port: number): Target => ({ agent: new Agent({ keepAlive: true, maxSockets: CALLERS }), port });

const bulkFigure = async (port: number, length: number): Promise<Figure> => {
  const bodies = Array.from({ length: ROUNDS }, (_, round) => bulkBody(length, `bulk-${length}-${round}`, ROUND));
  const api = target(port);
  const began = performance.now();
  await Promise.all([sendAll(api, bodies.slice(0, ROUNDS / 2)), sendAll(api, bodies.slice(ROUNDS / 2))]);
  const value = (1_000 * ROUNDS * ROUND) / (performance.now() - began);
  return { figure: `bulk, two callers, vectors of ${length}`, value, unit: '/s', limit: BULK_LIMIT, ratio: value / BULK_LIMIT };
};

const singleFigure = async (port: number): Promise<Figure> => {
  const bodies = Array.from({ length: SINGLES }, (_, at) => Buffer.from(line(4, `single-${at}`)));
  const api = target(port);
  let next = 0;
  const caller = async (): Promise<void> => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++])
      await post(api, '/api/v1/experiences', 'application/json', body);
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: CALLERS }, caller));
  const value = (1_000 * SINGLES) / (performance.now() - began);
  return { figure: `one by one, ${CALLERS} callers`, value, unit: '/s', limit: SINGLE_LIMIT, ratio: value / SINGLE_LIMIT };
};

const sendAll = async (api: Target, bodies: readonly Buffer[]): Promise<void> => {
  for (const body of bodies) await post(api, '/api/v1/experiences/bulk', 'application/x-ndjson', body);
};

const bulkBody = (length: number, name: string, count: number): Buffer =>
  Buffer.from(Array.from({ length: count }, (_, at) => line(length, `${name}-${at}`)).join('\n'));

const line = (length: number, id: string): string => {
  const vector = Array.from({ length }, (_, at) => Number(Math.sin(at + id.length).toFixed(6)));
  return JSON.stringify(sentExperience(id, { state: vector, next_state: vector, schema_hash: `of ${length}` }));
};

const post = async ({ agent, port }: Target, path: string, type: string, body: Buffer): Promise<void> => {
  const headers = { 'content-type': type, 'content-length': body.length };
  const sent = request({ agent, host: '127.0.0.1', port, path, method: 'POST', headers });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const answer = await json(response);
  if (response.statusCode !== 200) throw new Error(`${path} answered ${response.statusCode ?? '?'}: ${JSON.stringify(answer)}`);
};

/** A figure of what was not stored would be none. */
const assertStored = async (url: string, expected: number): Promise<void> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ stored: string }>('select count(*) as stored from experience');
  await client.end();
  if (Number(rows[0]?.stored) !== expected) throw new Error(`${rows[0]?.stored ?? 'no'} experiences are stored: expected ${expected}`);
};
