import { ApplicationFailure, getExternalWorkflowHandle, proxyActivities, workflowInfo, type SignalDefinition } from '@temporalio/workflow';
import type { CustomTriggerActivities } from '../activities/checks/custom-triggers.js';
import type { ProductionCheckActivities } from '../activities/checks/production-check.js';
import { learnerId } from '../domain/ids.js';
import { describeTick, type Tick } from '../domain/orchestration/tick.js';
import { activityProfiles } from './activity-profiles.js';
import { causeOf } from './failure-cause.js';
import {
  customTriggerSignal,
  driftDetectedSignal,
  healthDegradedSignal,
  productionMeasuredSignal,
  scheduledSignal,
} from './messages/learner-messages.js';

const { checkProduction } = proxyActivities<ProductionCheckActivities>(activityProfiles.evaluation);
const { askCustomTriggers } = proxyActivities<CustomTriggerActivities>(activityProfiles.userCode);

/** What a schedule does: it asks an instrument's learner for a training, or looks whether there is a reason for one. Answers in a sentence. */
export async function tick(request: Tick): Promise<string> {
  const { instrument, bucket, kind } = request;
  const { workflowId: id } = workflowInfo();
  const tell = <Message>(signal: SignalDefinition<[Message]>, message: Message): Promise<void> => tellLearner(instrument, signal, message);
  if (kind !== 'check') {
    const reason = describeTick(request);
    await tell(scheduledSignal, { id, reason, full: kind === 'fullRetrain' });
    return reason;
  }
  const { measured, health, drift } = await checkProduction.executeWithOptions({ summary: `how production of ${instrument} does` }, [
    { instrument, bucket },
  ]);
  if (measured !== null) {
    const { version, netReturn, days } = measured;
    await tell(productionMeasuredSignal, { id: `${id}/measured`, version, net_return: netReturn, days });
  }
  if (health !== null) await tell(healthDegradedSignal, { id: `${id}/health`, reason: health });
  const drifts = drift == null ? [] : [drift].flat();
  if (drifts.length > 0) await tell(driftDetectedSignal, drifts);
  const reasons = await askCustomTriggers.executeWithOptions({ summary: `custom triggers of ${instrument}` }, [{ instrument, bucket }]);
  for (const [index, reason] of reasons.entries()) await tell(customTriggerSignal, { id: `${id}/custom-${index}`, reason });
  return [health, ...drifts.map((notice) => notice.reason), ...reasons].filter((reason) => reason !== null).join('; ') || 'nothing found';
}

const tellLearner = async <Message>(instrument: string, signal: SignalDefinition<[Message]>, message: Message): Promise<void> => {
  try {
    await getExternalWorkflowHandle(learnerId(instrument)).signal(signal, message);
  } catch (error) {
    throw ApplicationFailure.nonRetryable(`the learner of ${instrument} took no message: ${causeOf(error).message}`, 'LearnerMissing');
  }
};
