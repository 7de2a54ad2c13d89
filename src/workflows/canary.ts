import { ActivityFailure, condition, proxyActivities } from '@temporalio/workflow';
import type { CanaryActivities } from '../activities/checks/canary.js';
import type { DeploymentActivities } from '../activities/versions/versions.js';
import type { Canary, Deployed, ProbeRequest } from '../domain/training/run-steps.js';
import { canaryPauseMs } from '../domain/training/training-run.js';
import { activityProfiles } from './activity-profiles.js';
import { causeOf } from './failure-cause.js';

const { probeProduction } = proxyActivities<CanaryActivities>(activityProfiles.evaluation);
const { rollbackVersion } = proxyActivities<DeploymentActivities>(activityProfiles.deployment);

export interface CanaryWatch {
  readonly canary: Canary;
  readonly deployed: Deployed;
  readonly probe: ProbeRequest;
  readonly undoing: (reason: string) => Parameters<DeploymentActivities['rollbackVersion']>[0];
  /** Whether the watch is to end early; what is deployed then stays. */
  readonly isStopping: () => boolean;
}

/** What serves after the canary, and what is to be said of it. */
export interface CanaryEnd {
  readonly deployed: Deployed;
  readonly notes: readonly string[];
}

/** Watches a new production; a breach puts the version before back. */
export const watchCanary = async ({ canary, deployed, probe, undoing, isStopping }: CanaryWatch): Promise<CanaryEnd> => {
  const pauseMs = canaryPauseMs(canary);
  for (let watchedMs = 0; watchedMs < canary.durationMs; watchedMs += pauseMs) {
    if (await condition(isStopping, pauseMs, { summary: `canary, ${Math.round(watchedMs / 1_000)} s of ${canary.durationMs / 1_000} s` }))
      return { deployed, notes: ['The canary was ended by hand.'] };
    const found = await probeProduction.executeWithOptions({ summary: `does ${probe.version} answer soundly?` }, [probe]);
    if (found.kind === 'replaced') {
      const { live = deployed.live } = found;
      return { deployed: { ...deployed, live }, notes: ['Production was changed by a person during the canary.'] };
    }
    if (found.kind === 'breach') return undo(deployed, found.reason, undoing);
  }
  return { deployed, notes: [] };
};

/** A rollback that is refused leaves what is live, and says so. */
const undo = async (deployed: Deployed, reason: string, undoing: CanaryWatch['undoing']): Promise<CanaryEnd> => {
  try {
    const { live } = await rollbackVersion(undoing(`canary: ${reason}`));
    return { deployed: { installedAs: 'challenger', live }, notes: [`Rolled back in the canary: ${reason}`] };
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    const { type, message } = causeOf(error);
    return { deployed, notes: [`The canary failed (${reason}), and the version before could not be put back: ${type}: ${message}`] };
  }
};
