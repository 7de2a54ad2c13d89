import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { createRandom } from '../../../src/learning/random.js';
import { openRegistry } from '../../../src/registry/open-registry.js';
import type { PostgresServer } from '../services/postgres-server.js';
import { startProductionClient, type Acknowledged, type ClientOrders, type ProductionClient } from './production-client.js';
import { recordingLogger } from '../recording-logger.js';
import { dataset, newVersion } from './registry.js';

export interface ChaosOptions {
  readonly server: PostgresServer;
  readonly seed: number;
  /** Acknowledged operations at which it ends, over all clients. */
  readonly operations: number;
  readonly clients: number;
  /** How many of the clients do not wait for their turn. */
  readonly rude: number;
  readonly serverKills: number;
  readonly clientKills: number;
}

export interface ChaosResult {
  /** Keys of operations that the registry said were done. */
  readonly acknowledged: readonly string[];
  /** Operations that it refused for good. */
  readonly refused: number;
  readonly serverKills: number;
  readonly clientKills: number;
  /** Looks at what is live during the chaos. */
  readonly looks: number;
  readonly seconds: number;
}

/** More than one version is live in a place. */
export class InvariantBroken extends Error {
  override readonly name = 'InvariantBroken';
}

export const chaosPlaces = [
  { instrument: 'ES', bucket: 'default' },
  { instrument: 'ES', bucket: 'Short' },
] as const;

/** Changes production from many processes at once while PostgreSQL and they are killed at random, and looks at the invariant all the time. Throws `InvariantBroken`. */
export const registryChaos = async (options: ChaosOptions): Promise<ChaosResult> => {
  const { server, seed, operations, clients, rude } = options;
  const began = performance.now();
  const random = createRandom(seed, 'kills');
  const places = await seedPlaces(server.url);
  const acknowledged: string[] = [];
  let [refused, done, looks] = [0, 0, 0];
  const next = Array.from({ length: clients }, () => 0);
  const processes: (ProductionClient | null)[] = Array.from({ length: clients }, () => null);
  const start = (client: number): void => {
    const onAcknowledged = ({ number, key }: Acknowledged): void => {
      if (number !== next[client]) return; // said by a process that was killed while it spoke
      next[client] = number + 1;
      done++;
      if (key === null) refused++;
      else acknowledged.push(key);
    };
    const orders = { databaseUrl: server.url, client, from: next[client] ?? 0, places, rude: client < rude };
    processes[client] = startProductionClient(orders, onAcknowledged);
  };
  const kills = { server: killTimes(options.serverKills, operations), client: killTimes(options.clientKills, operations) };
  for (let client = 0; client < clients; client++) start(client);
  try {
    while (done < operations) {
      looks += await look(server.url);
      await delay(20);
      if (due(kills.client, done)) {
        const victim = random.integer(clients);
        await processes[victim]?.kill();
        start(victim);
      }
      if (due(kills.server, done)) {
        await server.kill();
        await server.start();
      }
    }
  } finally {
    await Promise.all(processes.map(async (one) => one?.kill()));
  }
  await look(server.url);
  const { serverKills, clientKills } = options;
  return { acknowledged, refused, serverKills, clientKills, looks, seconds: (performance.now() - began) / 1_000 };
};

/** Numbers of operations after which something is killed, evenly over the whole. */
const killTimes = (kills: number, operations: number): number[] =>
  Array.from({ length: kills }, (_, kill) => Math.floor(((kill + 0.5) * operations) / kills));

const due = (times: number[], done: number): boolean => {
  if (times[0] === undefined || times[0] > done) return false;
  times.shift();
  return true;
};

/** Three versions in every place. */
const seedPlaces = async (databaseUrl: string): Promise<ClientOrders['places']> => {
  const registry = await openRegistry({ databaseUrl, logger: recordingLogger() });
  try {
    await registry.datasets.save(dataset());
    const places: ClientOrders['places'][number][] = [];
    for (const place of chaosPlaces) {
      const versions: string[] = [];
      for (const key of ['a', 'b', 'c'])
        versions.push((await registry.versions.register(newVersion(`${place.bucket} ${key}`, place))).name);
      places.push({ ...place, versions });
    }
    return places;
  } finally {
    await registry.close();
  }
};

/** Counts what is live in every place. Throws `InvariantBroken`; a server that is away is no answer. */
const look = async (connectionString: string): Promise<number> => {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 1_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    for (let times = 1; times <= 5; times++) {
      const { rows } = await client.query<{ instrument: string; bucket: string; live: number }>(
        'select instrument, bucket, count(*)::int as live from production where live_until is null group by 1, 2 having count(*) > 1',
      );
      const [broken] = rows;
      if (broken !== undefined)
        throw new InvariantBroken(`${broken.live} versions are live in ${broken.instrument}/${broken.bucket}: expected one`);
      await delay(2);
    }
    return 5;
  } catch (error) {
    if (error instanceof InvariantBroken) throw error;
    return 0;
  } finally {
    await client.end().catch(() => undefined);
  }
};
