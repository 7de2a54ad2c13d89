import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readMarkets, type ActivityDependencies } from '../activities/dependencies.js';
import { assertSharing } from '../config/shared-with.js';
import { openStores } from './open-stores.js';
import { readResolvedConfig } from './resolved-config.js';
import type { ServiceContext } from './service.js';

/** What activities are made of, opened once for the process; the folders are created. */
export const openActivities = async (context: ServiceContext): Promise<ActivityDependencies> => {
  const { environment, logger } = context;
  const config = await readResolvedConfig(environment);
  const { home, store } = environment;
  const folders = {
    watched: config.watch.path === undefined ? null : resolve(config.watch.path),
    bars: join(store, 'bars'),
    checkpoints: join(store, 'checkpoints'),
    artifacts: join(store, 'artifacts'),
    temporary: join(home, 'cache'),
  };
  await Promise.all([folders.bars, folders.checkpoints, folders.temporary].map((path) => mkdir(path, { recursive: true, mode: 0o700 })));
  const markets = await readMarkets(config.instruments);
  assertSharing(config.sharedWith, markets);
  return { ...(await openStores(context)), config, markets, folders, logger };
};
