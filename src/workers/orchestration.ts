import { Worker } from '@temporalio/worker';
import { taskQueues } from '../domain/task-queues.js';
import { registerSearchAttributes } from './register-search-attributes.js';
import { runWorkers } from './run-workers.js';
import { runService } from './service.js';
import { connectTemporal, workerIdentity } from './temporal-connection.js';
import { temporalLogger } from './temporal-runtime.js';
import { findBundle } from './workflow-bundle.js';

/** Workflows only: nothing that computes may hold them up. */
await runService('orchestration', async ({ logger, stopping, closeLater }) => {
  const { connection, namespace } = await connectTemporal(logger, stopping);
  closeLater(() => connection.close());
  await registerSearchAttributes(connection, namespace);
  const worker = await Worker.create({
    connection,
    namespace,
    identity: workerIdentity('orchestration'),
    taskQueue: taskQueues.orchestration,
    workflowBundle: await findBundle(temporalLogger(logger)),
    maxCachedWorkflows: 200,
    shutdownForceTime: '10 seconds',
  });
  return runWorkers([worker]);
});
