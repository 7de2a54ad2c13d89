import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ActivityDependencies } from '../dependencies.js';
import { archiveExperiences } from '../experiences/archive-experiences.js';
import { withHeartbeat } from '../heartbeat.js';
import { discardFinished } from '../trainer/discard-finished.js';

/** Age at which a temporary file belongs to nobody any more. */
const LEFT_BEHIND_MS = 2 * 86_400_000;

export interface MaintenanceActivities {
  /** Archives old experiences by day, and removes what trainings that have ended left on this machine: checkpoints, and temporary files of two days ago. What cannot be removed is left, and logged. */
  tidyUp(): Promise<{ readonly checkpoints: number; readonly temporaryFiles: number }>;
}

export const createMaintenanceActivities = ({
  registry,
  artifacts,
  config,
  folders,
  logger,
}: Pick<ActivityDependencies, 'registry' | 'artifacts' | 'config' | 'folders' | 'logger'>): MaintenanceActivities => ({
  tidyUp: () =>
    withHeartbeat(async (doing) => {
      doing('experiences');
      const archived = await archiveExperiences({ registry, artifacts, config }, Date.now());
      if (archived > 0) logger.info(`${archived} experiences were archived by day`);
      doing('checkpoints');
      const checkpoints = await discardFinished({ registry, logger }, folders.checkpoints, null);
      doing('temporary files');
      return { checkpoints, temporaryFiles: await discardOld(folders.temporary, Date.now() - LEFT_BEHIND_MS, logger) };
    }),
});

const discardOld = async (folder: string, beforeMs: number, logger: ActivityDependencies['logger']): Promise<number> => {
  let removed = 0;
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    try {
      const found = await stat(path);
      if (found.mtimeMs >= beforeMs) continue;
      await rm(path, { recursive: true, force: true });
      removed++;
    } catch (error) {
      logger.warn('a temporary file could not be removed', { path, reason: String(error) });
    }
  }
  return removed;
};
