import { continueAsNew, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { AnnotationActivities } from '../activities/annotation/annotate-trades.js';
import { activityProfiles } from './activity-profiles.js';

const { annotateTrades } = proxyActivities<AnnotationActivities>(activityProfiles.annotation);

/** Explains an instrument's trades until none is left that nobody has explained. Answers how many were. */
export async function annotation(instrument: string, before = 0): Promise<number> {
  let annotated = before;
  for (;;) {
    const round = await annotateTrades.executeWithOptions({ summary: `after ${annotated} trades` }, [{ instrument }]);
    annotated += round.annotated;
    if (!round.more) return annotated;
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof annotation>(instrument, annotated);
  }
}
