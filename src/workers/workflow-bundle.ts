import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type BundleOptions, type WorkflowBundleWithSourceMap } from '@temporalio/worker';

/** Entry file of all workflows. */
export const workflowsPath = fileURLToPath(new URL('../workflows/index.js', import.meta.url));

/** Where the build writes the bundle of all workflows, and workers look for it. */
export const bundlePath = fileURLToPath(new URL('../../workflow-bundle.js', import.meta.url));

/** Bundles the workflows as the server's sandbox runs them. */
export const bundleWorkflows = (options: Partial<BundleOptions> = {}): Promise<WorkflowBundleWithSourceMap> =>
  bundleWorkflowCode({ workflowsPath, ...options });
