import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { FineTuningActivities } from '../activities/finetuning/export-set.js';
import type { FineTuningResult } from '../domain/finetuning/export.js';
import { activityProfiles } from './activity-profiles.js';

const { exportFineTuningSet } = proxyActivities<FineTuningActivities>(activityProfiles.annotation);

/** Writes the fine-tuning set of one instrument, or, with null, of all, if enough trades were explained since the newest one. */
export async function fineTuningExport(instrument: string | null): Promise<FineTuningResult> {
  const { startTime, firstExecutionRunId } = workflowInfo();
  return exportFineTuningSet.executeWithOptions({ summary: instrument ?? 'all instruments' }, [
    { instrument, day: startTime.toISOString().slice(0, 10), operationKey: firstExecutionRunId },
  ]);
}
