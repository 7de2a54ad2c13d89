import { proxyActivities } from '@temporalio/workflow';
import type { ProposalActivities } from '../../activities/transfer/propose-transfer.js';
import type { SettlementActivities } from '../../activities/transfer/settle-transfer.js';
import type { SplitActivities } from '../../activities/validation/validate-split.js';
import type { ProposeRequest } from '../../domain/transfer/steps.js';
import type { Transfer } from '../../domain/transfer/transfer.js';
import { afterArm, armSummary, openArms, trialOf, type TransferTrial } from '../../domain/transfer/trial.js';
import { activityProfiles } from '../activity-profiles.js';
import { inLanes } from './in-lanes.js';

const { proposeTransfer } = proxyActivities<ProposalActivities>(activityProfiles.training);
const { validateSplit } = proxyActivities<SplitActivities>(activityProfiles.training);
const { settleTransfer } = proxyActivities<SettlementActivities>(activityProfiles.registry);

/** What a run lends to the transfer within it. */
export interface HandOn {
  readonly request: ProposeRequest;
  /** Where it stands; null before it has begun. */
  readonly trial: () => TransferTrial | null;
  readonly become: (trial: TransferTrial) => void;
  /** Does what a pause interrupts, once the run may go on; null when it was interrupted. */
  readonly interruptibly: <T>(work: () => Promise<T>) => Promise<T | null>;
  readonly isStopping: () => boolean;
}

/**
 * Hands on what another model knows: proposes it, trains with and without it for equal steps and several seeds where it can be measured, and settles
 * whether it is used. What was done before a pause or a continue-as-new is not done again. Null when the run is to stop.
 */
export const handOn = async ({ request, trial, become, interruptibly, isStopping }: HandOn): Promise<Transfer | null> => {
  while (!isStopping()) {
    const now = trial();
    if (now === null) {
      const proposal = await interruptibly(() => proposeTransfer.executeWithOptions({ summary: 'what can be handed on' }, [request]));
      if (proposal !== null) become({ proposal, arms: [], settled: null });
    } else if (now.settled !== null) return now.settled;
    else if (openArms(now, request).length > 0) await interruptibly(() => trainArms(now, request, become, trial));
    else {
      const { proposal, arms } = now;
      const settled = await settleTransfer({ ...request, proposal, arms });
      become({ ...now, settled });
    }
  }
  return null;
};

const trainArms = (start: TransferTrial, request: ProposeRequest, become: HandOn['become'], trial: HandOn['trial']): Promise<void> =>
  inLanes(trialOf(start.proposal)?.parallel ?? 1, openArms(start, request), async (arm) => {
    const result = await validateSplit.executeWithOptions({ summary: armSummary(arm) }, [arm.request]);
    become(afterArm(trial() ?? start, arm, result));
  });
