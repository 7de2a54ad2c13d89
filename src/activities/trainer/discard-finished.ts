import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../../domain/ports.js';
import type { Registry } from '../../registry/open-registry.js';

/**
 * Deletes this machine's checkpoints of runs that have ended, whatever their outcome: what they taught is in the registry and the artifact store.
 * A folder that cannot be deleted is left for the next time, with a warning: no training fails for it. Returns how many were deleted.
 */
export const discardFinished = async (
  { registry: { runs }, logger }: { readonly registry: Pick<Registry, 'runs'>; readonly logger: Logger },
  checkpoints: string,
  current: string | null,
): Promise<number> => {
  let deleted = 0;
  for (const name of await readdir(checkpoints).catch(() => [])) {
    if (name === current) continue;
    const run = await runs.get(name);
    if ((run?.finishedAt ?? null) === null) continue;
    try {
      await rm(join(checkpoints, name), { recursive: true, force: true });
      deleted++;
    } catch (error) {
      logger.warn('checkpoints of a run that has ended could not be deleted', { run: name, reason: String(error) });
    }
  }
  return deleted;
};
