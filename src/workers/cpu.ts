import { join } from 'node:path';
import { Worker } from '@temporalio/worker';
import { createBlackoutActivities } from '../activities/market/blackouts.js';
import { createCanaryActivities } from '../activities/checks/canary.js';
import { createCustomTriggerActivities } from '../activities/checks/custom-triggers.js';
import { createProductionCheckActivities } from '../activities/checks/production-check.js';
import { createMaintenanceActivities } from '../activities/checks/tidy-up.js';
import { createChallengerActivities } from '../activities/evaluation/challengers.js';
import { createAnnotationActivities } from '../activities/annotation/annotate-trades.js';
import { createDatasetActivities } from '../activities/training/datasets.js';
import { createFineTuningActivities } from '../activities/finetuning/export-set.js';
import { createEvaluationActivities } from '../activities/evaluation/evaluation.js';
import { createFileListActivities } from '../activities/market/file-lists.js';
import { createPaperActivities } from '../activities/paper/paper-trading.js';
import { createRunActivities } from '../activities/training/runs.js';
import { createCrossEvaluationActivities } from '../activities/sequence/cross-evaluate.js';
import { createCurriculumActivities } from '../activities/sequence/measured-gains.js';
import { createSettlementActivities } from '../activities/transfer/settle-transfer.js';
import { createValidationActivities } from '../activities/validation/validation.js';
import { createDeploymentActivities, createVersionActivities } from '../activities/versions/versions.js';
import { taskQueues } from '../domain/orchestration/task-queues.js';
import { activityWorkerOptions } from './temporal/activity-worker-options.js';
import { openActivities } from './open-activities.js';
import { runWorkers } from './temporal/run-workers.js';
import { runService } from './service.js';
import { connectTemporal } from './temporal/temporal-connection.js';

/** Data, evaluation and the registry; changes of production have a queue of their own, so that no backtest delays a rollback. */
await runService('cpu', async (context) => {
  const dependencies = await openActivities(context);
  const temporal = await connectTemporal(context.logger, context.stopping);
  context.closeLater(() => temporal.connection.close());
  const cpu = await Worker.create({
    ...activityWorkerOptions(temporal, taskQueues.cpu),
    activities: {
      ...createBlackoutActivities(dependencies),
      ...createCanaryActivities(dependencies),
      ...createCustomTriggerActivities(dependencies),
      ...createChallengerActivities(dependencies),
      ...createAnnotationActivities({ ...dependencies, chatKey: context.environment.chatKey }),
      ...createDatasetActivities(dependencies),
      ...createEvaluationActivities(dependencies),
      ...createFileListActivities(dependencies),
      ...createFineTuningActivities({ ...dependencies, folder: join(context.environment.home, 'finetuning') }),
      ...createMaintenanceActivities(dependencies),
      ...createProductionCheckActivities(dependencies),
      ...createPaperActivities(dependencies),
      ...createRunActivities(dependencies),
      ...createCrossEvaluationActivities(dependencies),
      ...createCurriculumActivities(dependencies),
      ...createSettlementActivities(dependencies),
      ...createValidationActivities(dependencies),
      ...createVersionActivities(dependencies),
    },
    maxConcurrentActivityTaskExecutions: 4,
  });
  const deploy = await Worker.create({
    ...activityWorkerOptions(temporal, taskQueues.deploy),
    activities: createDeploymentActivities({ ...dependencies, canaryMinutes: dependencies.config.serving.canaryMinutes }),
    maxConcurrentActivityTaskExecutions: 4,
  });
  return runWorkers([cpu, deploy]);
});
