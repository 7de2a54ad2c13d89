import { createServer } from 'node:net';

const LOOPBACK = '127.0.0.1';
const ATTEMPTS = 50;

/** The first free loopback port at or after `preferred`, skipping those in `taken`. Falls back to any free one after 50 tries. */
export const freePort = async (preferred: number, taken: ReadonlySet<number> = new Set()): Promise<number> => {
  for (let port = preferred; port < preferred + ATTEMPTS && port <= 65_535; port++) {
    if (!taken.has(port) && (await isFree(port))) return port;
  }
  return anyFreePort();
};

/** Whether nothing listens on a loopback port. */
export const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => server.close(() => resolve(true)));
  });

const anyFreePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port: 0, host: LOOPBACK }, () => {
      const address = server.address();
      server.close(() =>
        address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no free port was found')),
      );
    });
  });
