import pg from 'pg';
import type { Logger } from '../../domain/ports.js';

/** Hears notifications of the database over a connection of its own. */
export interface Listener {
  /** Calls `hear` with each payload on a channel, and with null after every reconnection, when some may have been missed. */
  on(channel: string, hear: (payload: string | null) => void): () => void;
  close(): Promise<void>;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

/** Starts listening; a broken connection is replaced for as long as it takes. */
export const openListener = async (databaseUrl: string, logger: Logger): Promise<Listener> => {
  const hearers = new Map<string, Set<(payload: string | null) => void>>();
  let client: pg.Client | null = null;
  let retry: NodeJS.Timeout | null = null;
  let closed = false;

  const connect = async (): Promise<void> => {
    const fresh = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000, keepAlive: true });
    fresh.on('error', (error) => logger.warn('the connection that listens for changes broke', { reason: error.message }));
    fresh.once('end', () => {
      if (client !== fresh) return;
      client = null;
      reconnect(FIRST_PAUSE_MS);
    });
    fresh.on('notification', ({ channel, payload }) => hearers.get(channel)?.forEach((hear) => hear(payload ?? '')));
    try {
      await fresh.connect();
      for (const channel of hearers.keys()) await listen(fresh, channel);
    } catch (error) {
      await fresh.end().catch(() => undefined);
      throw error;
    }
    client = fresh;
  };

  const reconnect = (pauseMs: number): void => {
    if (closed) return;
    retry = setTimeout(() => {
      connect().then(
        () => hearers.forEach((ofChannel) => ofChannel.forEach((hear) => hear(null))),
        () => reconnect(Math.min(2 * pauseMs, LONGEST_PAUSE_MS)),
      );
    }, pauseMs);
  };

  await connect();
  return {
    on(channel, hear) {
      const ofChannel = hearers.get(channel) ?? new Set();
      if (ofChannel.size === 0 && client !== null) {
        // Whoever listens anew looks once more when it is certain that nothing is missed.
        listen(client, channel).then(
          () => hear(null),
          (error: unknown) => logger.warn(`listening on ${channel} failed`, { reason: String(error) }),
        );
      }
      hearers.set(channel, ofChannel.add(hear));
      return () => void ofChannel.delete(hear);
    },
    async close() {
      closed = true;
      if (retry !== null) clearTimeout(retry);
      const last = client;
      client = null;
      await last?.end();
    },
  };
};

const listen = async (client: pg.Client, channel: string): Promise<void> => {
  await client.query(`listen ${pg.escapeIdentifier(channel)}`);
};
