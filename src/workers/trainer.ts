import { Worker } from '@temporalio/worker';
import { createTrainingActivities } from '../activities/training/training.js';
import { createProposalActivities } from '../activities/transfer/propose-transfer.js';
import { createSplitActivities } from '../activities/validation/validate-split.js';
import { taskQueues } from '../domain/orchestration/task-queues.js';
import { activityWorkerOptions } from './temporal/activity-worker-options.js';
import { openActivities } from './open-activities.js';
import { runWorkers } from './temporal/run-workers.js';
import { runService } from './service.js';
import { connectTemporal } from './temporal/temporal-connection.js';

/** One training at a time, each attempt in a process of its own; a machine with several devices runs one of these for each (`RATCHET_DEVICES`). */
await runService('trainer', async (context) => {
  const { devices } = context.environment;
  const dependencies = await openActivities(context);
  const training = { ...dependencies, ...(devices === null ? {} : { devices }) };
  const temporal = await connectTemporal(context.logger, context.stopping);
  context.closeLater(() => temporal.connection.close());
  const worker = await Worker.create({
    ...activityWorkerOptions(temporal, taskQueues.trainer),
    activities: { ...createTrainingActivities(training), ...createSplitActivities(training), ...createProposalActivities(training) },
    maxConcurrentActivityTaskExecutions: 1,
  });
  return runWorkers([worker]);
});
