import { Worker } from '@temporalio/worker';
import { taskQueues } from '../domain/orchestration/task-queues.js';
import { deploymentOptions } from './temporal/deployment-options.js';
import { registerSearchAttributes } from './temporal/register-search-attributes.js';
import { runWorkers } from './temporal/run-workers.js';
import { runService } from './service.js';
import { connectTemporal, workerIdentity } from './temporal/temporal-connection.js';
import { temporalLogger } from './temporal/temporal-runtime.js';
import { findBundle } from './workflow-bundle.js';

/** Workflows that stay in memory, at half a megabyte for a learner; one more begins again from its history at each message. */
const MOST_CACHED = 500;

/** Workflows only: nothing that computes may hold them up. */
await runService('orchestration', async ({ environment, logger, stopping, closeLater }) => {
  const { connection, namespace } = await connectTemporal(logger, stopping);
  closeLater(() => connection.close());
  await registerSearchAttributes(connection, namespace);
  const workflowBundle = await findBundle(temporalLogger(logger));
  const worker = await Worker.create({
    connection,
    namespace,
    identity: workerIdentity('orchestration'),
    taskQueue: taskQueues.orchestration,
    workflowBundle,
    ...(await deploymentOptions(environment, workflowBundle, logger)),
    maxCachedWorkflows: MOST_CACHED,
    shutdownForceTime: '10 seconds',
  });
  return runWorkers([worker]);
});
