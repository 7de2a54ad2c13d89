import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  bundleWorkflowCode,
  type BundleOptions,
  type Logger,
  type WorkflowBundleOption,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';

/** Entry file of all workflows. */
export const workflowsPath = fileURLToPath(new URL('../workflows/index.js', import.meta.url));

/** Where the build writes the bundle of all workflows: `dist/workflow-bundle.js`. */
export const bundlePath = fileURLToPath(new URL('../../workflow-bundle.js', import.meta.url));

/** Bundles the workflows as Temporal's sandbox runs them. */
export const bundleWorkflows = (options: Partial<BundleOptions> = {}): Promise<WorkflowBundleWithSourceMap> =>
  bundleWorkflowCode({ workflowsPath, ...options });

/** The bundle that the build wrote, or else a new one. */
export const findBundle = async (logger: Logger): Promise<WorkflowBundleOption> =>
  existsSync(bundlePath) ? { codePath: bundlePath } : bundleWorkflows({ logger });
