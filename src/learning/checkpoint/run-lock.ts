import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ListenOptions } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

const RETRY_MS = 200;

/** Another process on this machine still holds the run. */
export class RunLocked extends Error {
  override readonly name = 'RunLocked';
  constructor(subject: string, waitedMs: number) {
    super(`another process still trains ${subject} after ${waitedMs} ms: it must end first; see the processes of the trainer worker`);
  }
}

/**
 * Holds `subject` for this process on this machine until `release`, or until the process dies in whatever way: the kernel closes the listener,
 * so nothing stale is ever left. Waits up to `patienceMs`, telling `onWait` at each try; then throws `RunLocked`.
 */
export const lockRun = async (subject: string, patienceMs: number, onWait: () => void): Promise<{ release(): Promise<void> }> => {
  for (let waited = 0; ; waited += RETRY_MS) {
    const server = createServer((socket) => socket.destroy());
    server.unref();
    try {
      const listening = once(server, 'listening');
      server.listen(addressOf(subject));
      await listening;
      return {
        release: async () => {
          const closed = once(server, 'close');
          server.close();
          await closed;
        },
      };
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES'))) throw error;
      if (waited >= patienceMs) throw new RunLocked(subject, waited);
    }
    onWait();
    await wait(RETRY_MS);
  }
};

/** A name without a file: Linux' abstract sockets, Windows' pipes; elsewhere a loopback port that the subject's hash picks. */
const addressOf = (subject: string): ListenOptions => {
  const digest = createHash('sha256').update(subject).digest();
  const name = `ratchet-trainer-${digest.toString('hex').slice(0, 32)}`;
  if (process.platform === 'linux') return { path: `\0${name}` };
  if (process.platform === 'win32') return { path: `\\\\.\\pipe\\${name}` };
  return { host: '127.0.0.1', port: 49_152 + (digest.readUInt32LE(0) % 16_000), exclusive: true };
};
