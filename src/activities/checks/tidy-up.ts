import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ActivityDependencies } from '../dependencies.js';
import { archiveExperiences } from '../experiences/archive-experiences.js';
import { withHeartbeat } from '../heartbeat.js';
import { retainVersions } from '../versions/retain-versions.js';
import { discardFinished } from '../trainer/discard-finished.js';

/** Age at which a temporary file belongs to nobody any more. */
const LEFT_BEHIND_MS = 2 * 86_400_000;

export interface MaintenanceActivities {
  /** Archives old experiences by day, and removes what trainings that have ended left on this machine (checkpoints, and temporary files of two days ago) and models beyond those that are kept. What cannot be removed is left, and logged. */
  tidyUp(): Promise<TidiedUp>;
}

/** How many of each were archived or removed. */
export interface TidiedUp {
  /** Absent where it was not counted yet. */
  readonly archived?: number;
  readonly checkpoints: number;
  readonly temporaryFiles: number;
  readonly models: number;
}

export const createMaintenanceActivities = (
  dependencies: Pick<ActivityDependencies, 'registry' | 'artifacts' | 'config' | 'folders' | 'logger'>,
): MaintenanceActivities => ({
  tidyUp: () =>
    withHeartbeat(async (doing) => {
      const { registry, folders, logger } = dependencies;
      doing('experiences');
      const archived = await archiveExperiences(dependencies, Date.now());
      if (archived > 0) logger.info(`${archived} experiences were archived by day`);
      doing('checkpoints');
      const checkpoints = await discardFinished({ registry, logger }, folders.checkpoints, null);
      doing('temporary files');
      const temporaryFiles = await discardOld(folders.temporary, Date.now() - LEFT_BEHIND_MS, logger);
      doing('models');
      return { archived, checkpoints, temporaryFiles, models: await retainVersions(dependencies, Date.now()) };
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
