import { proxyActivities, setCurrentDetails, setHandler, workflowInfo } from '@temporalio/workflow';
import type { SplitActivities } from '../activities/validation/validate-split.js';
import type { ValidationActivities } from '../activities/validation/validation.js';
import type { ValidationResult } from '../domain/validation/report.js';
import {
  afterSplit,
  conclusionOf,
  splitRequests,
  splitSummary,
  validationCard,
  validationProgress,
  type ValidationRun,
} from '../domain/validation/validation-run.js';
import { activityProfiles } from './activity-profiles.js';
import { inLanes } from './steps/in-lanes.js';
import { showAttributes, type Shown } from './search-attributes.js';
import { validationProgressQuery } from './messages/validation-messages.js';

const { planValidation, concludeValidation } = proxyActivities<ValidationActivities>(activityProfiles.evaluation);
const { validateSplit } = proxyActivities<SplitActivities>(activityProfiles.training);

/**
 * Validates a training recipe: every split is trained and judged as an activity of its own, several at once, each of which goes on from its own
 * checkpoint when it is interrupted; then their tests are put together.
 */
export async function validation(input: ValidationRun): Promise<ValidationResult> {
  let run = input;
  let shown: Shown | null = null;
  const become = (changed: ValidationRun): void => {
    run = changed;
    const now: Shown = { instrument: run.instrument, bucket: run.bucket, phase: run.phase };
    showAttributes(now, shown);
    shown = now;
    setCurrentDetails(validationCard(run));
  };
  setHandler(validationProgressQuery, () => validationProgress(run), {
    description: 'Phase, and how many of the trainings have finished.',
  });
  const key = `${run.validationId}-${workflowInfo().firstExecutionRunId}`;
  become(run);
  const { validationId, instrument, bucket, method } = run;
  const plan = await planValidation({ validationId, instrument, bucket, method });
  become({ ...run, phase: 'validating', plan });
  await inLanes(plan.parallel, splitRequests(run, plan, key), async (request) => {
    const result = await validateSplit.executeWithOptions({ summary: splitSummary(request) }, [request]);
    become(afterSplit(run, result));
  });
  become({ ...run, phase: 'concluding' });
  const result = await concludeValidation(conclusionOf(run, plan, key));
  become({ ...run, phase: 'done' });
  return result;
}
