import { join } from 'node:path';
import { openFolderStore } from '../artifacts/folder-store.js';
import type { ArtifactStore } from '../domain/ports.js';
import { openRegistry, type Registry } from '../registry/open-registry.js';
import type { ServiceContext } from './service.js';

/** What a service keeps things in. */
export interface Stores {
  readonly registry: Registry;
  readonly artifacts: ArtifactStore;
}

/** Opens the registry, waiting for its database, and the artifact store; both are closed with the service. Throws when no database is named. */
export const openStores = async ({ environment, logger, stopping, closeLater }: ServiceContext): Promise<Stores> => {
  const { databaseUrl, store } = environment;
  if (databaseUrl === null)
    throw new Error(
      'DATABASE_URL is not set: a service started by hand needs the address of a PostgreSQL, postgresql://user:password@host:5432/name',
    );
  const registry = await openRegistry({ databaseUrl, logger, signal: stopping });
  closeLater(() => registry.close());
  return { registry, artifacts: await openFolderStore(join(store, 'artifacts')) };
};
