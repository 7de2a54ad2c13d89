import {
  allHandlersFinished,
  CancellationScope,
  condition,
  isCancellation,
  ParentClosePolicy,
  patched,
  proxyActivities,
  sleep,
  startChild,
  type ChildWorkflowHandle,
  type Workflow,
} from '@temporalio/workflow';
import type { FileListActivities } from '../activities/market/file-lists.js';
import type { BlackoutActivities } from '../activities/market/blackouts.js';
import type { RunActivities } from '../activities/training/runs.js';
import { filesToPutAside, isCrowded, putAside } from '../domain/learner/arrivals.js';
import { failTraining, finishPass, finishTraining, startTraining } from '../domain/learner/cycle.js';
import { blackoutAt, BLACKOUT_DAYS, isPlanned, nextBlackoutMs, pausesTrainings, unplanned } from '../domain/learner/blackout.js';
import { deferOpen, isSooner, nextStep, type LearnerStep } from '../domain/learner/next-step.js';
import { recallLearner } from '../domain/learner/recall.js';
import { pendingFiles, restoreLearner, type LearnerInput, type LearnerState, type RunningTraining } from '../domain/learner/state.js';
import { learnerPhase } from '../domain/learner/status.js';
import { runSummary } from '../domain/training/run-card.js';
import { queuePriority } from '../domain/orchestration/queue-priority.js';
import { sequenceSummary } from '../domain/sequence/card.js';
import { newPass } from '../domain/sequence/sequence.js';
import { newTrainingRun } from '../domain/training/training-run.js';
import { activityProfiles } from './activity-profiles.js';
import { causeOf, endedByHand } from './failure-cause.js';
import { handleLearnerMessages, record, tell, type LearnerEntity } from './handlers/learner-handlers.js';
import { progressiveSequence } from './progressive-sequence.js';
import { goOnAnew, isOutworn } from './steps/go-on-anew.js';
import { showAttributes, startAttributes, type Shown } from './search-attributes.js';
import { pauseSignal, resumeSignal, stopSignal } from './messages/training-run-messages.js';
import { trainingRun } from './training-run.js';

const { recallInstrument } = proxyActivities<RunActivities>(activityProfiles.registry);
const { findBlackouts } = proxyActivities<BlackoutActivities>(activityProfiles.planning);
const { storeFileList } = proxyActivities<FileListActivities>(activityProfiles.registry);

/**
 * The life of one instrument's learner: it waits for data to settle, trains, and waits again. Handlers only record; this loop alone acts.
 * It ends when it is cancelled, and continues as new where nothing is under way.
 */
export async function learner(input: LearnerInput): Promise<void> {
  const entity: LearnerEntity = { state: restoreLearner(input), changing: false, training: null };
  let shown: Shown | null = null;
  handleLearnerMessages(entity);
  shown = show(entity, shown);
  await recall(entity);
  while (!isOutworn()) {
    if (isCrowded(entity.state)) await clear(entity);
    const step = nextStep(entity.state, Date.now());
    if (step.kind === 'train') {
      const plan = startTraining(entity.state, Date.now());
      record(entity, plan);
      shown = show(entity, shown);
      await train(entity, plan.running);
    } else if (step.kind === 'planning') await planBlackouts(entity);
    else {
      record(entity, deferOpen(entity.state, step));
      shown = show(entity, shown);
      await waitOut(entity, step);
    }
  }
  if (isCrowded(entity.state)) await clear(entity); // the state is the next run's input
  await condition(allHandlersFinished);
  await goOnAnew<typeof learner>(entity.state);
}

const recall = async (entity: LearnerEntity): Promise<void> => {
  const { recalled, instrument, bucket, settings } = entity.state;
  if (recalled) return;
  const known = await recallInstrument.executeWithOptions({ summary: `what is known of ${instrument}` }, [
    { instrument, bucket, ofAllBuckets: settings.cycle !== 'single' },
  ]);
  record(entity, recallLearner(entity.state, known));
};

/** Works out when nothing is to be trained; without that, it trains. */
const planBlackouts = async (entity: LearnerEntity): Promise<void> => {
  const { instrument, settings } = entity.state;
  const { blackout } = settings;
  const nowMs = Date.now();
  try {
    const summary = `blackouts of the next ${BLACKOUT_DAYS} days`;
    const plan = await findBlackouts.executeWithOptions({ summary }, [{ instrument, blackout, fromMs: nowMs }]);
    record(entity, { ...entity.state, blackouts: plan });
  } catch (error) {
    if (CancellationScope.current().consideredCancelled) throw error;
    record(entity, { ...entity.state, blackouts: unplanned(blackout, causeOf(error).message, nowMs) });
  }
};

/** Puts files aside, list by list, until the state is small. */
const clear = async (entity: LearnerEntity): Promise<void> => {
  const inParts = patched('files-aside-in-parts'); // since 2026-11-22: all of them at once may be more than Temporal takes
  do {
    const files = inParts ? filesToPutAside(entity.state) : entity.state.pending;
    const list = await storeFileList.executeWithOptions({ summary: `put ${files.length} files aside` }, [{ files }]);
    record(entity, putAside(entity.state, files, list));
  } while (inParts && isCrowded(entity.state));
};

/** Waits until the decision changes: by a message, or at its time. One timer per quiet window; new files do not touch it. */
const waitOut = async (entity: LearnerEntity, step: LearnerStep): Promise<void> => {
  const changed = (): boolean => {
    const next = nextStep(entity.state, Date.now());
    return isOutworn() || isCrowded(entity.state) || next.kind !== step.kind || isSooner(next, step);
  };
  if (step.untilMs === null) await condition(changed);
  else await condition(changed, Math.max(1, step.untilMs - Date.now()), { summary: step.why });
};

/** Trains by a child to its end, whatever that is, and takes in what came of it. */
const train = async (entity: LearnerEntity, running: RunningTraining): Promise<void> => {
  try {
    const { child, ended } = await startChildFor(entity.state, running);
    entity.training = child;
    await tellWhatCameMeanwhile(entity);
    const before = entity.state;
    const finish = await outsideBlackouts(entity, ended);
    const state = patched('messages-during-training') ? entity.state : before; // since 2026-11-22: what came meanwhile was forgotten
    record(entity, finish(state));
  } catch (error) {
    if (CancellationScope.current().consideredCancelled) throw error;
    record(entity, endTraining(entity.state, running.runId, error, Date.now()));
  } finally {
    entity.training = null;
  }
};

/** What trains, and how its result is taken in once it is there. */
interface Training {
  readonly child: ChildWorkflowHandle<Workflow>;
  readonly ended: () => Promise<(state: LearnerState) => LearnerState>;
}

/** Starts one run of the learner's bucket, or a pass over the buckets. */
const startChildFor = async ({ instrument, bucket, settings }: LearnerState, running: RunningTraining): Promise<Training> => {
  const { priority, ...asked } = running;
  const common = { workflowId: running.runId, parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL };
  if (settings.cycle === 'single') {
    const run = newTrainingRun({ instrument, bucket, ...asked });
    const child = await startChild(trainingRun, {
      ...common,
      args: [run],
      staticSummary: runSummary(run),
      typedSearchAttributes: startAttributes(instrument, bucket),
      priority: queuePriority(instrument, priority),
    });
    return { child, ended: async () => taking(finishTraining, await child.result()) };
  }
  const pass = newPass(instrument, settings.cycle, running);
  const child = await startChild(progressiveSequence, {
    ...common,
    args: [pass],
    staticSummary: sequenceSummary(pass),
    typedSearchAttributes: startAttributes(instrument, 'all'),
    priority: queuePriority(instrument, priority),
  });
  return { child, ended: async () => taking(finishPass, await child.result()) };
};

const taking =
  <R>(finish: (state: LearnerState, result: R, nowMs: number) => LearnerState, result: R) =>
  (state: LearnerState): LearnerState =>
    finish(state, result, Date.now());

/** Waits for the end of a training; where blackouts pause trainings, it is paused at the start of each and goes on at its end. */
const outsideBlackouts = async <T>(entity: LearnerEntity, ended: () => Promise<T>): Promise<T> => {
  if (!pausesTrainings(entity.state)) return ended();
  const watch = new CancellationScope();
  const watching = watch
    .run(() => keepOutOfBlackouts(entity))
    .catch((error: unknown) => {
      if (!isCancellation(error)) throw error;
    });
  try {
    return await ended();
  } finally {
    watch.cancel();
    await watching;
  }
};

/** Until it is cancelled, pauses the running training in blackouts. A person's own pause stays. */
const keepOutOfBlackouts = async (entity: LearnerEntity): Promise<void> => {
  while (pausesTrainings(entity.state)) {
    const { settings, blackouts } = entity.state;
    if (!isPlanned(blackouts, settings.blackout, Date.now())) await planBlackouts(entity);
    const nowMs = Date.now();
    const blackout = blackoutAt(entity.state.blackouts, settings.blackout, nowMs);
    if (blackout === null) {
      const nextMs = nextBlackoutMs(entity.state.blackouts, settings.blackout, nowMs) ?? nowMs;
      await sleep(Math.max(1, nextMs - nowMs), { summary: 'until the next blackout' });
    } else {
      await tell(entity, pauseSignal);
      await sleep(Math.max(1, blackout.toMs - nowMs), { summary: 'blackout' });
      if (entity.state.paused === null) await tell(entity, resumeSignal);
    }
  }
};

/** A pause or a stop that arrived while the child was being started reaches it now. */
const tellWhatCameMeanwhile = async (entity: LearnerEntity): Promise<void> => {
  const { running, paused } = entity.state;
  if (running?.stopping === true) await tell(entity, stopSignal);
  else if (paused !== null) await tell(entity, pauseSignal);
};

/** A training that a person cancelled or terminated was stopped; any other end without a result is a failure. */
const endTraining = (state: LearnerState, runId: string, error: unknown, nowMs: number): LearnerState => {
  if (endedByHand(error)) return finishTraining(state, { kind: 'stopped', runId, summary: 'cancelled by hand' }, nowMs);
  const { type, message } = causeOf(error);
  return failTraining(state, type, message, nowMs);
};

const show = (entity: LearnerEntity, before: Shown | null): Shown => {
  const { state } = entity;
  const shown: Shown = {
    instrument: state.instrument,
    bucket: state.bucket,
    phase: learnerPhase(state, Date.now()),
    production: state.production?.version ?? null,
    pending: pendingFiles(state),
    cycle: state.cycle,
    sharpe: state.lastDecision?.sharpe ?? null,
    trainedAt: state.lastTrainedAt,
  };
  showAttributes(shown, before);
  return shown;
};
