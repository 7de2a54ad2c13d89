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
import type { CurriculumActivities } from '../activities/sequence/measured-gains.js';
import type { BucketPlan } from '../domain/sequence/bucket-plan.js';
import { sequenceCard } from '../domain/sequence/card.js';
import { modelsToCross } from '../domain/sequence/cross-evaluation.js';
import {
  beginBucket,
  bucketRunId,
  failBucket,
  filesOf,
  finishBucket,
  lanesOf,
  nextBucket,
  refuseTransfer,
  requestTransfer,
  sequenceFrom,
  sequenceProgress,
  withoutAttempt,
  type RequestedTransfer,
  type Sequence,
  type SequenceInput,
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
const { measuredGains } = proxyActivities<CurriculumActivities>(activityProfiles.registry);

/** The sequence as its handlers and its main line share it. */
interface Course {
  sequence: Sequence;
  shown: Shown | null;
  /** The trainings under way, by bucket. */
  readonly trainings: Map<string, ChildWorkflowHandle<typeof trainingRun>>;
}

/**
 * Trains the buckets one after another, each by a run of its own that is judged and registered like any other, and hands on what one learned to the
 * next; several at once where nothing is handed on. A bucket that fails holds the sequence until `resume` or `stop`. Its input is its whole state.
 */
export async function progressiveSequence(input: SequenceInput): Promise<SequenceProgress> {
  const course: Course = { sequence: sequenceFrom(input), shown: null, trainings: new Map() };
  handleMessages(course);
  show(course);
  await Promise.all(Array.from({ length: lanesOf(course.sequence) }, () => trainInTurn(course)));
  if (!course.sequence.stopping && nextBucket(course.sequence) !== null) {
    await condition(allHandlersFinished);
    await continueAsNew<typeof progressiveSequence>(course.sequence);
  }
  await cross(course);
  return sequenceProgress(course.sequence);
}

/** Trains one bucket after another until none is left, or the history is long. */
const trainInTurn = async (course: Course): Promise<void> => {
  for (let plan = await beginNext(course); plan !== null; plan = await beginNext(course)) {
    await trainBucket(course, plan);
    if (workflowInfo().continueAsNewSuggested) return;
  }
};

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
    await tellAll(course, signal);
  };
  setHandler(pauseSignal, () => change({ paused: true }, pauseSignal), {
    description: 'Pause.\nThe bucket that trains is checkpointed and waits; `resume` goes on from there.',
  });
  setHandler(resumeSignal, () => change({ paused: false, failures: [] }, resumeSignal), {
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

/** Begins with the bucket that is next, once the sequence may go on and the pause between two is over; null when this lane is to end. */
const beginNext = async (course: Course): Promise<BucketPlan | null> => {
  const { instrument, results, pauseMs, attempts, curriculum = false } = course.sequence;
  const upcoming = nextBucket(course.sequence);
  if (upcoming === null) return null;
  if (results.length > 0 && attempts[upcoming.bucket] === undefined && pauseMs > 0)
    await sleep(pauseMs, { summary: 'the pause between two buckets' });
  const held = (): boolean => course.sequence.paused || course.sequence.failures.length > 0;
  await condition(() => !held() || course.sequence.stopping);
  if (curriculum && !course.sequence.stopping) {
    const gains = await measuredGains.executeWithOptions({ summary: 'what transfers were measured to be worth' }, [{ instrument }]);
    record(course, { ...course.sequence, gains });
  }
  const plan = course.sequence.stopping ? null : nextBucket(course.sequence);
  if (plan !== null) record(course, beginBucket(course.sequence, plan.bucket));
  return plan;
};

const trainBucket = async (course: Course, plan: BucketPlan): Promise<void> => {
  const { bucket } = plan;
  const runId = bucketRunId(course.sequence, bucket);
  try {
    const result = await run(course, plan, runId); // await first, then read: a message may have changed the sequence
    record(course, finishBucket(course.sequence, plan, result));
  } catch (error) {
    if (CancellationScope.current().consideredCancelled) throw error;
    if (endedByHand(error)) record(course, { ...withoutAttempt(course.sequence, bucket), stopping: true });
    else {
      const { type, message } = causeOf(error);
      record(course, failBucket(course.sequence, plan, { bucket, runId, type, message, advice: failureKind(type).advice }));
    }
  } finally {
    course.trainings.delete(bucket);
  }
  if (course.sequence.stopping) await tellAll(course, stopSignal); // a run that was stopped by hand ends the sequence
};

const run = async (course: Course, plan: BucketPlan, runId: string): Promise<TrainingResult> => {
  const { instrument, number, id, pass } = course.sequence;
  const { bucket } = plan;
  const wanted = newTrainingRun({
    runId,
    instrument,
    bucket,
    cycle: number,
    reason: `${bucket} of ${id}${pass === undefined ? '' : `: ${pass.reason}`}`,
    full: pass?.full ?? false,
    asked: (pass?.asked ?? true) || plan.occasion === 'reverse', // on the bars of its first turn
    ...filesOf(course.sequence),
    plan,
  });
  const training = await startChild(trainingRun, {
    workflowId: runId,
    args: [wanted],
    parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
    staticSummary: runSummary(wanted),
    typedSearchAttributes: startAttributes(instrument, bucket),
    priority: queuePriority(instrument, pass?.priority),
  });
  course.trainings.set(bucket, training);
  // What arrived while it was being started reaches it now.
  if (course.sequence.stopping) await tell({ training }, stopSignal);
  else if (course.sequence.paused) await tell({ training }, pauseSignal);
  return training.result();
};

/** Tells all trainings at once, so that each hears of messages in their order. */
const tellAll = async ({ trainings }: Course, signal: SignalDefinition): Promise<void> => {
  await Promise.all([...trainings.values()].map((training) => tell({ training }, signal)));
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
