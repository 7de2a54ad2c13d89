import { proxyActivities } from '@temporalio/workflow';
import type { MaintenanceActivities } from '../activities/checks/tidy-up.js';
import { activityProfiles } from './activity-profiles.js';

const { tidyUp } = proxyActivities<MaintenanceActivities>(activityProfiles.freezing);

/** Nightly house-keeping. Answers what was archived and removed. */
export async function maintenance(): Promise<string> {
  const {
    archived = 0,
    checkpoints,
    temporaryFiles,
    models,
  } = await tidyUp.executeWithOptions({ summary: 'remains of trainings that have ended, models beyond those that are kept' }, []);
  return `archived ${archived} experiences, removed the checkpoints of ${checkpoints} ended trainings, ${temporaryFiles} temporary files and the models of ${models} versions`;
}
