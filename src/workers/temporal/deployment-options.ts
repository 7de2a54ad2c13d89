import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { WorkerOptions, WorkflowBundleOption } from '@temporalio/worker';
import type { Environment } from '../../config/environment.js';
import { productVersion } from '../../config/product-version.js';
import type { Logger } from '../../domain/ports.js';

const HASH_LENGTH = 12;
/** What follows holds the paths of one machine. */
const SOURCE_MAP = /^\/\/# sourceMappingURL=/m;

/**
 * What makes the worker of the workflows a build of a deployment; nothing, where none is named. Each run then stays with the build that it began
 * with; workflows that live for years continue as new on the current one. The log says how to make this build the current one.
 */
export const deploymentOptions = async (
  { deployment, build }: Pick<Environment, 'deployment' | 'build'>,
  bundle: WorkflowBundleOption,
  logger: Logger,
): Promise<Pick<WorkerOptions, 'workerDeploymentOptions'>> => {
  if (deployment === null) return {};
  const version = { deploymentName: deployment, buildId: build ?? (await buildOf(bundle)) };
  logger.info(`serves build ${version.buildId} of deployment ${deployment}, which begins nothing before it is the current one`, {
    toMakeItCurrent: `temporal worker deployment set-current-version --deployment-name ${deployment} --build-id ${version.buildId}`,
  });
  return { workerDeploymentOptions: { useWorkerVersioning: true, version, defaultVersioningBehavior: 'PINNED' } };
};

/** The same for the same code on every machine: `0.1.0-d26684636e06`. */
const buildOf = async (bundle: WorkflowBundleOption): Promise<string> => {
  const code = 'code' in bundle ? bundle.code : await readFile(bundle.codePath, 'utf8');
  const [own = code] = code.split(SOURCE_MAP);
  const hash = createHash('sha256').update(own).digest('hex').slice(0, HASH_LENGTH);
  return `${await productVersion()}-${hash}`;
};
