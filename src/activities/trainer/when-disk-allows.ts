import { setTimeout as wait } from 'node:timers/promises';
import type { Clock, Logger } from '../../domain/ports.js';
import type { TrainerMessage } from '../../domain/training/trainer-protocol.js';
import { isDiskFull } from './failure.js';

/** How long a full disk is waited for, who is told, and what ends the wait. */
export interface Patience {
  readonly patienceMs: number;
  readonly send: (message: TrainerMessage) => void;
  readonly shouldStop: () => boolean;
  readonly logger: Logger;
  readonly clock: Clock;
}

const RETRY_MS = 2_000;

/**
 * Writes, and while the disk is full tries again every two seconds: what was learned waits in memory meanwhile. Throws the last failure when
 * patience ends or a stop is asked for, and at once whatever is not about room.
 */
export const whenDiskAllows = async <T>(patience: Patience, write: () => Promise<T>): Promise<T> => {
  const { patienceMs, send, shouldStop, logger, clock } = patience;
  const since = clock.now();
  for (let tries = 1; ; tries++) {
    try {
      const written = await write();
      if (tries > 1) logger.info('there is room on the disk again, training goes on', { waitedMs: clock.now() - since });
      return written;
    } catch (error) {
      if (!isDiskFull(error) || shouldStop() || clock.now() - since >= patienceMs) throw error;
      const message = error instanceof Error ? error.message : String(error);
      if (tries === 1) logger.error('training waits for room on the disk', { reason: message });
      send({ kind: 'waiting', reason: 'diskFull', message });
      await wait(RETRY_MS);
    }
  }
};
