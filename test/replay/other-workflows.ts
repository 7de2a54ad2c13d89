import { proxyActivities } from '@temporalio/workflow';
import type { RunActivities } from '../../src/activities/training/runs.js';
import { taskQueues } from '../../src/domain/orchestration/task-queues.js';
import type { TrainingRun } from '../../src/domain/training/training-run.js';

const { endRun } = proxyActivities<RunActivities>({ taskQueue: taskQueues.cpu, startToCloseTimeout: '1 minute' });

/** A training run of another make: its history is the one that must not replay. */
export async function trainingRun({ runId, instrument, bucket }: TrainingRun): Promise<void> {
  await endRun({ runId, instrument, bucket, isBegun: false, outcome: 'skipped', summary: 'recorded to fail' });
}
