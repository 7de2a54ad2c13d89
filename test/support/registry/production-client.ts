import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What a client of the chaos is told: it changes production by operations that follow from its seed, from the number on that it is given. */
export interface ClientOrders {
  readonly databaseUrl: string;
  readonly client: number;
  readonly from: number;
  /** Where versions go live, with the names of those that may. */
  readonly places: readonly { readonly instrument: string; readonly bucket: string; readonly versions: readonly string[] }[];
  /** Does not wait for its turn, as hands in SQL or another release would. */
  readonly rude: boolean;
}

/** An operation that the database has acknowledged. `key` is null where the registry refused it for good. */
export interface Acknowledged {
  readonly number: number;
  readonly key: string | null;
}

/** A process of its own that changes production until it is killed. */
export interface ProductionClient {
  readonly kill: () => Promise<void>;
}

const PROGRAM = fileURLToPath(new URL('../../faults/programs/change-production.js', import.meta.url));

export const startProductionClient = (orders: ClientOrders, onAcknowledged: (one: Acknowledged) => void): ProductionClient => {
  const child: ChildProcess = fork(PROGRAM, [], { execArgv: ['--enable-source-maps'] });
  child.on('message', (message) => onAcknowledged(message as Acknowledged));
  child.send(orders);
  const killAtExit = (): void => void child.kill('SIGKILL');
  process.once('exit', killAtExit);
  return {
    async kill() {
      process.removeListener('exit', killAtExit);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
};
