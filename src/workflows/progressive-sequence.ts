import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  log,
  ParentClosePolicy,
  patched,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  sleep,
  startChild,
  workflowInfo,
  type ChildWorkflowHandle,
  type SignalDefinition,
} from '@temporalio/workflow';
import { failureKind } from '../domain/failures.js';
import { runSummary } from '../domain/training/run-card.js';
import type { CrossEvaluationActivities } from '../activities/sequence/cross-evaluate.js';
import type { BucketPlan } from '../domain/sequence/bucket-plan.js';
import { sequenceCard } from '../domain/sequence/card.js';
import { modelsToCross } from '../domain/sequence/cross-evaluation.js';
import {
  beginBucket,
  bucketRunId,
  finishBucket,
  nextBucket,
  refuseTransfer,
  requestTransfer,
  sequenceProgress,
  type RequestedTransfer,
  type Sequence,
  type SequenceProgress,
} from '../domain/sequence/sequence.js';
import { queuePriority } from '../domain/orchestration/queue-priority.js';
import { newTrainingRun, type TrainingResult } from '../domain/training/training-run.js';
import { activityProfiles } from './activity-profiles.js';
import { causeOf, endedByHand } from './failure-cause.js';
import { tell } from './handlers/learner-handlers.js';
import { showAttributes, startAttributes, type Shown } from './search-attributes.js';
import { sequenceProgressQuery, transferUpdate } from './messages/sequence-messages.js';
import { pauseSignal, resumeSignal, stopSignal } from './messages/training-run-messages.js';
import { trainingRun } from './training-run.js';

const { crossEvaluate } = proxyActivities<CrossEvaluationActivities>(activityProfiles.evaluation);

/** The sequence as its handlers and its main line share it. */
interface Course {
  sequence: Sequence;
  shown: Shown | null;
  training: ChildWorkflowHandle<typeof trainingRun> | null;
}

/**
 * Trains the buckets one after another, each by a run of its own that is judged and registered like any other, and hands on what one learned to the
 * next. A bucket that fails holds the sequence until `resume` or `stop`. Its input is its whole state.
 */
export async function progressiveSequence(input: Sequence): Promise<SequenceProgress> {
  const course: Course = { sequence: input, shown: null, training: null };
  handleMessages(course);
  show(course);
  for (let plan = await next(course); plan !== null; plan = await next(course)) {
    await trainBucket(course, plan);
    if (workflowInfo().continueAsNewSuggested) {
      await condition(allHandlersFinished);
      await continueAsNew<typeof progressiveSequence>(course.sequence);
    }
  }
  await cross(course);
  return sequenceProgress(course.sequence);
}

/** Plays every bucket's model at the task of each, when all are trained; a report that cannot be made keeps no sequence from its end. */
const cross = async (course: Course): Promise<void> => {
  const { instrument, results } = course.sequence;
  if (sequenceProgress(course.sequence).phase !== 'comparing' || !patched('cross-evaluation')) return; // since 2026-11-21
  const models = modelsToCross(results);
  try {
    const across = await crossEvaluate.executeWithOptions({ summary: 'each model at the task of each' }, [{ instrument, models }]);
    record(course, { ...course.sequence, across });
  } catch (error) {
    if (isCancellation(error)) throw error;
    record(course, { ...course.sequence, across: null });
    log.warn('the models of the buckets could not be played at the tasks of the others', causeOf(error));
  }
};

const handleMessages = (course: Course): void => {
  const change = async (changes: Partial<Sequence>, signal: SignalDefinition): Promise<void> => {
    record(course, { ...course.sequence, ...changes });
    await tell(course, signal);
  };
  setHandler(pauseSignal, () => change({ paused: true }, pauseSignal), {
    description: 'Pause.\nThe bucket that trains is checkpointed and waits; `resume` goes on from there.',
  });
  setHandler(resumeSignal, () => change({ paused: false, failure: null }, resumeSignal), {
    description: 'Go on after `pause`, or try the bucket that failed again.',
  });
  setHandler(stopSignal, () => change({ stopping: true }, stopSignal), {
    description: 'End after a checkpoint, without a decision on the bucket that trains. The buckets before it keep their versions.',
  });
  setHandler(
    transferUpdate,
    (request: RequestedTransfer) => {
      record(course, requestTransfer(course.sequence, request));
      return sequenceProgress(course.sequence);
    },
    {
      validator(request: RequestedTransfer) {
        const refusal = refuseTransfer(course.sequence, request);
        if (refusal !== null) throw ApplicationFailure.nonRetryable(refusal, 'Refused');
      },
      description: 'Start a bucket that has not begun from another version than the one before it.',
    },
  );
  setHandler(sequenceProgressQuery, () => sequenceProgress(course.sequence), {
    description: 'Phase, the bucket that trains, and what became of those before it.',
  });
};

/** The bucket to train now, once the sequence may go on and the pause between two is over; null when it is to end. */
const next = async (course: Course): Promise<BucketPlan | null> => {
  const { results, pauseMs, attempts } = course.sequence;
  if (results.length > 0 && attempts === 0 && pauseMs > 0 && nextBucket(course.sequence) !== null)
    await sleep(pauseMs, { summary: 'the pause between two buckets' });
  const held = (): boolean => course.sequence.paused || course.sequence.failure !== null;
  await condition(() => !held() || course.sequence.stopping);
  return course.sequence.stopping ? null : nextBucket(course.sequence);
};

const trainBucket = async (course: Course, plan: BucketPlan): Promise<void> => {
  record(course, beginBucket(course.sequence));
  const runId = bucketRunId(course.sequence, plan.bucket);
  try {
    const result = await run(course, plan, runId); // await first, then read: a message may have changed the sequence
    record(course, finishBucket(course.sequence, plan, result));
  } catch (error) {
    if (CancellationScope.current().consideredCancelled) throw error;
    if (endedByHand(error)) record(course, { ...course.sequence, stopping: true });
    else {
      const { type, message } = causeOf(error);
      record(course, { ...course.sequence, failure: { runId, type, message, advice: failureKind(type).advice } });
    }
  } finally {
    course.training = null;
  }
};

const run = async (course: Course, plan: BucketPlan, runId: string): Promise<TrainingResult> => {
  const { instrument, number, id } = course.sequence;
  const { bucket } = plan;
  const wanted = newTrainingRun({
    runId,
    instrument,
    bucket,
    cycle: number,
    reason: `${bucket} of ${id}`,
    full: false,
    asked: true,
    files: [],
    lists: [],
    plan,
  });
  course.training = await startChild(trainingRun, {
    workflowId: runId,
    args: [wanted],
    parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
    staticSummary: runSummary(wanted),
    typedSearchAttributes: startAttributes(instrument, bucket),
    priority: queuePriority(instrument),
  });
  // What arrived while it was being started reaches it now.
  if (course.sequence.stopping) await tell(course, stopSignal);
  else if (course.sequence.paused) await tell(course, pauseSignal);
  return course.training.result();
};

const record = (course: Course, sequence: Sequence): void => {
  course.sequence = sequence;
  show(course);
};

const show = (course: Course): void => {
  const { phase, bucket, instrument } = sequenceProgress(course.sequence);
  const shown: Shown = { instrument, bucket: bucket ?? 'all', phase, cycle: course.sequence.number };
  showAttributes(shown, course.shown);
  course.shown = shown;
  setCurrentDetails(sequenceCard(course.sequence));
};
