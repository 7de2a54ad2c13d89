import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterAllTests } from './hooks.js';

/** A line to a server that can be cut: while it is, nothing passes and nobody is told. */
export interface Proxy {
  /** `host:port` of this end. */
  readonly address: string;
  part(): void;
  join(): void;
}

/** Opens a line to `host:port`; closed after all tests. */
export const startProxy = async (target: string): Promise<Proxy> => {
  const [host = '127.0.0.1', port = ''] = target.split(':');
  const sockets = new Set<Socket>();
  let parted = false;
  const server = createServer((near) => {
    const far = connect(Number(port), host);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      if (parted) from.pause();
      from.on('data', (bytes) => to.write(bytes));
      from.on('error', () => undefined);
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterAllTests(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(() => resolve()));
  });
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    part() {
      parted = true;
      for (const socket of sockets) socket.pause();
    },
    join() {
      parted = false;
      for (const socket of sockets) socket.resume();
    },
  };
};
