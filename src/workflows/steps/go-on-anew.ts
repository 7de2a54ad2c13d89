import { makeContinueAsNewFunc, workflowInfo, type Workflow } from '@temporalio/workflow';

/** Whether a workflow that lives for years is to continue as new where nothing is under way: its history is long, or another build is the current one. */
export const isOutworn = (): boolean => {
  const { continueAsNewSuggested, targetWorkerDeploymentVersionChanged } = workflowInfo();
  return continueAsNewSuggested || targetWorkerDeploymentVersionChanged;
};

/** Continues as new on the current build of the deployment, if there is one; other workflows stay with the build that they began with. */
export const goOnAnew = <F extends Workflow>(...input: Parameters<F>): Promise<never> =>
  makeContinueAsNewFunc<F>({ initialVersioningBehavior: 'AUTO_UPGRADE' })(...input);
