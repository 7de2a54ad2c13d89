import { serve, type ServerType } from '@hono/node-server';
import { isLoopback } from './access.js';
import type { Api } from './app.js';

export interface ListenOptions {
  readonly api: Api;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Told of each port that is in use. */
  readonly onPortTaken: (port: number) => void;
  /** Whether callers must show a token. */
  readonly guarded: boolean;
}

export interface ListeningApi {
  readonly port: number;
  /** Answers what was asked, then closes; connections that idle are cut. */
  close(): Promise<void>;
}

/** A bind that would let everybody on the network command the learners. */
export class UnguardedBind extends Error {
  override readonly name = 'UnguardedBind';
  constructor(host: string) {
    super(
      `serving.host is ${host}, which others can reach, and no token is set: set RATCHET_API_TOKENS to name:role:token entries, or serve on 127.0.0.1`,
    );
  }
}

const ATTEMPTS = 50;
const CLOSE_GRACE_MS = 5_000;

/** Serves an API on the first free port from `port` on. Throws `UnguardedBind`, and the system's error when no port of 50 is free. */
export const listen = async ({ api, host, port, onPortTaken, guarded }: ListenOptions): Promise<ListeningApi> => {
  if (!guarded && !isLoopback(host)) throw new UnguardedBind(host);
  for (let wanted = port; ; wanted++) {
    try {
      return await listenOn(api, host, wanted);
    } catch (error) {
      if (!isTaken(error) || wanted + 1 >= port + ATTEMPTS) throw error;
      onPortTaken(wanted);
    }
  }
};

const listenOn = (api: Api, hostname: string, wanted: number): Promise<ListeningApi> =>
  new Promise((resolve, reject) => {
    const server = serve({ fetch: api.fetch, hostname, port: wanted }, ({ port }) => {
      server.off('error', reject);
      resolve({ port, close: () => close(server) });
    });
    server.once('error', reject);
  });

const close = (server: ServerType): Promise<void> =>
  new Promise((resolve, reject) => {
    const cut = setTimeout(() => 'closeAllConnections' in server && server.closeAllConnections(), CLOSE_GRACE_MS);
    server.close((error) => {
      clearTimeout(cut);
      if (error === undefined) resolve();
      else reject(error);
    });
  });

const isTaken = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
