import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { lookOnPaper } from '../../client/paper-client.js';
import type { Logger } from '../../domain/ports.js';
import type { Registry } from '../../registry/open-registry.js';

export interface PaperTradersOptions {
  readonly registry: Pick<Registry, 'onProductionChange'> & { readonly production: Pick<Registry['production'], 'all'> };
  readonly client: Client;
  readonly logger: Logger;
}

const RETRY_MS = 5_000;

/** Keeps a paper trader running for each instrument that something is live for, and makes them look whenever that changes. Gives the function that stops it. */
export const keepPaperTraders = ({ registry, client, logger }: PaperTradersOptions): (() => Promise<void>) => {
  const ended = new AbortController();
  let changed = false;
  let running: Promise<void> | null = null;

  const lookEverywhere = async (): Promise<void> => {
    const live = await registry.production.all();
    for (const instrument of new Set(live.filter(({ bucket }) => bucket === 'default').map((model) => model.instrument)))
      await lookOnPaper(client, instrument);
  };

  const run = async (): Promise<void> => {
    while (changed && !ended.signal.aborted) {
      changed = false;
      try {
        await lookEverywhere();
      } catch (error) {
        changed = true;
        logger.debug('the paper traders could not be told; trying again', { reason: String(error) });
        await delay(RETRY_MS, undefined, { signal: ended.signal }).catch(() => undefined);
      }
    }
    running = null;
  };

  const look = (): void => {
    changed = true;
    running ??= run();
  };
  const unfollow = registry.onProductionChange(look);
  look();
  return async () => {
    unfollow();
    ended.abort();
    await running;
  };
};
