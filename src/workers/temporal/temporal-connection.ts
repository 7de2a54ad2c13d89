import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection } from '@temporalio/worker';
import type { Logger } from '../../domain/ports.js';

export interface TemporalConnection {
  readonly connection: NativeConnection;
  readonly namespace: string;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;

/** Connects to the Temporal that the environment or its profile names, waiting and saying so until it answers. Throws the signal's reason. */
export const connectTemporal = async (logger: Logger, signal: AbortSignal): Promise<TemporalConnection> => {
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
  const address = connectionOptions.address ?? 'localhost:7233';
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    signal.throwIfAborted();
    try {
      const connection = await NativeConnection.connect(connectionOptions);
      await connection.workflowService.describeNamespace({ namespace });
      return { connection, namespace };
    } catch (error) {
      logger.warn(`waiting for Temporal at ${address}, namespace ${namespace}`, { reason: reasonOf(error), nextTryMs: pauseMs });
    }
    await delay(pauseMs, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
};

/** What the Temporal Web UI shows of a worker: what it is for, on which machine, in which process. */
export const workerIdentity = (purpose: string): string => `${purpose}@${hostname()}#${process.pid}`;

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
