import { setTimeout as wait } from 'node:timers/promises';
import { describeMemory, memoryZone, usedShare, type MemoryLimits, type MemoryUse, type MemoryZone } from '../../domain/memory/zones.js';
import type { Logger } from '../../domain/ports.js';

export interface MemoryWatch {
  readonly limits: MemoryLimits;
  readonly read: () => Promise<MemoryUse>;
  readonly logger: Logger;
  readonly run: string;
  /** Between two looks; 5 s unless given. */
  readonly everyMs?: number;
  /** Ends the watch. */
  readonly signal: AbortSignal;
}

const EVERY_MS = 5_000;

/**
 * Looks at memory until it has risen above the limit, and gives what was in use then; null when it is told to end. Memory that was above the limit from
 * the first look on is not this training's, so it is only warned of: a smaller batch would not give it back.
 */
export const memoryAboveLimit = async ({
  limits,
  read,
  logger,
  run,
  everyMs = EVERY_MS,
  signal,
}: MemoryWatch): Promise<MemoryUse | null> => {
  let last: MemoryZone | null = null;
  while (!signal.aborted) {
    const use = await read();
    const zone = memoryZone(usedShare(use), limits);
    if (zone !== last && zone !== 'calm') logger.warn('memory runs short', { run, zone, reason: describeMemory(use) });
    if (zone === 'lightest' && last !== null && last !== 'lightest') return use;
    last = zone;
    await wait(everyMs, undefined, { signal, ref: false }).catch(() => undefined); // ended
  }
  return null;
};
