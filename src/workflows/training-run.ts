import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  log,
  patched,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { ChallengerActivities } from '../activities/evaluation/challengers.js';
import type { DatasetActivities } from '../activities/training/datasets.js';
import type { EvaluationActivities } from '../activities/evaluation/evaluation.js';
import type { RunActivities } from '../activities/training/runs.js';
import type { TrainingActivities } from '../activities/training/training.js';
import type { DeploymentActivities, VersionActivities } from '../activities/versions/versions.js';
import { judge } from '../domain/gate/judge.js';
import { judgeQuality } from '../domain/market/quality.js';
import { chunkSummary, runCard } from '../domain/training/run-card.js';
import type { BegunRun, ChunkResult, EndRequest, EvaluatedCandidate, FrozenDataset } from '../domain/training/run-steps.js';
import {
  afterTransfer,
  beginOf,
  decided,
  deploymentOf,
  endOf,
  evaluationOf,
  isTrained,
  nextChunk,
  outcomeOf,
  probeOf,
  progressOf,
  proposalOf,
  registrationOf,
  undoingOf,
  type RunPhase,
  type TrainingResult,
  type TrainingRun,
} from '../domain/training/training-run.js';
import { activityProfiles } from './activity-profiles.js';
import { watchCanary } from './canary.js';
import { causeOf } from './failure-cause.js';
import { handOn } from './steps/hand-on.js';
import { showAttributes, type Shown } from './search-attributes.js';
import { pauseSignal, progressQuery, resumeSignal, stopSignal } from './messages/training-run-messages.js';

const { freezeDataset } = proxyActivities<DatasetActivities>(activityProfiles.freezing);
const { beginRun, endRun } = proxyActivities<RunActivities>(activityProfiles.registry);
const { registerVersion } = proxyActivities<VersionActivities>(activityProfiles.registry);
const { trainChunk } = proxyActivities<TrainingActivities>(activityProfiles.training);
const { evaluateChallenger } = proxyActivities<ChallengerActivities>(activityProfiles.evaluation);
const { settleChallenger } = proxyActivities<ChallengerActivities>(activityProfiles.registry);
const { evaluateCandidate } = proxyActivities<EvaluationActivities>(activityProfiles.evaluation);
const { deployVersion } = proxyActivities<DeploymentActivities>(activityProfiles.deployment);

/** The run as its handlers and its main line share it; `interrupt` ends the chunk under way at its next checkpoint. */
interface Course {
  run: TrainingRun;
  shown: Shown | null;
  interrupt: () => void;
}

/** One training from reported files to a decision that was carried out. Its input is its whole state. */
export async function trainingRun(input: TrainingRun): Promise<TrainingResult> {
  const course: Course = { run: input, shown: null, interrupt: () => undefined };
  handleMessages(course);
  try {
    const result = await carryOut(course);
    await end(course, outcomeOf(result), result.summary);
    enter(course, 'done');
    return result;
  } catch (error) {
    const { type, message } = causeOf(error);
    await end(course, isCancellation(error) ? 'cancelled' : 'failed', `${type}: ${message}`);
    throw error;
  }
}

/** Closes the run in the registry, also when the workflow is cancelled meanwhile: what was decided stays decided. */
const end = ({ run }: Course, outcome: EndRequest['outcome'], summary: string): Promise<void> =>
  CancellationScope.nonCancellable(() => endRun(endOf(run, outcome, summary)));

const handleMessages = (course: Course): void => {
  const change = (changes: Partial<TrainingRun>): void => {
    course.run = { ...course.run, ...changes };
    show(course);
    course.interrupt();
  };
  setHandler(pauseSignal, () => change({ paused: true }), {
    description: 'Pause.\nThe chunk under way is checkpointed and its trainer freed; `resume` goes on from there.',
  });
  setHandler(resumeSignal, () => change({ paused: false }), { description: 'Go on after `pause`.' });
  setHandler(stopSignal, () => change({ stopping: true }), {
    description: 'End without a decision.\nThe chunk under way is checkpointed; the files stay pending with the learner.',
  });
  setHandler(progressQuery, () => progressOf(course.run), { description: 'Phase, step, newest chunk, dataset and decision of the run.' });
};

/** From the dataset to the decision; what the run has already, from before a continue-as-new, is not done again. */
const carryOut = async (course: Course): Promise<TrainingResult> => {
  const frozen = await freeze(course);
  if (frozen.kind !== 'frozen') return frozen;
  const { dataset } = frozen;
  if (course.run.begun === null && patched('challenger')) await lookAgain(course, dataset); // since 2026-11-21
  const stopped = { kind: 'stopped', runId: course.run.runId, summary: 'stopped by hand' } as const;
  const begun = await takeOver(course, dataset, await begin(course, dataset));
  if (begun === null) return stopped;
  if ('kind' in begun) return begun;
  const chunk = await train(course, dataset, begun);
  const bundle = chunk?.bundle ?? null;
  if (chunk === null || bundle === null || course.run.stopping) return stopped;

  enter(course, 'evaluating');
  const candidate = await evaluateCandidate(evaluationOf(course.run, dataset, bundle));
  if (!(await mayGoOn(course))) return stopped;
  return CancellationScope.nonCancellable(() => decide(course, dataset, begun, chunk, candidate));
};

/** Judges the version that was held by the new data, and carries that out. A challenger that cannot be played keeps no training back. */
const lookAgain = async ({ run }: Course, dataset: FrozenDataset): Promise<void> => {
  const { runId, instrument, bucket } = run;
  const place = { runId, instrument, bucket };
  try {
    const look = await evaluateChallenger.executeWithOptions({ summary: 'the held version, in shadow on new data' }, [
      { ...place, dataset },
    ]);
    if (look === null) return;
    const decision = judge(look.candidate.evidence, look.candidate.gate);
    await settleChallenger.executeWithOptions({ summary: `${decision.verdict}: ${look.version}` }, [{ ...place, ...look, decision }]);
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('the held version could not be judged again', causeOf(error));
  }
};

/** Judges the candidate and carries the decision out. From here on neither a stop nor a cancellation can part what was decided from what was done. */
const decide = async (
  course: Course,
  dataset: FrozenDataset,
  begun: BegunRun,
  chunk: ChunkResult,
  candidate: EvaluatedCandidate,
): Promise<TrainingResult> => {
  enter(course, 'judging');
  const decision = judge(candidate.evidence, candidate.gate);
  enter(course, 'registering', { decision });
  const registered = await registerVersion(registrationOf(course.run, dataset, begun, chunk, candidate, decision));
  enter(course, 'deploying', { version: registered.version });
  const deployed = await deployVersion(deploymentOf(course.run, chunk, candidate, decision, registered));
  const { version } = registered;
  const { canary } = deployed;
  if (canary === undefined) return decided(course.run, candidate, decision, version, deployed);
  enter(course, 'canary');
  const end = await watchCanary({
    canary,
    deployed,
    probe: probeOf(course.run, dataset, version),
    undoing: (reason) => undoingOf(course.run, canary, reason),
    isStopping: () => course.run.stopping,
  });
  return decided(course.run, candidate, decision, version, end.deployed, end.notes);
};

type Frozen = { readonly kind: 'frozen'; readonly dataset: FrozenDataset } | Extract<TrainingResult, { kind: 'skipped' }>;

const freeze = async (course: Course): Promise<Frozen> => {
  const { dataset, runId, instrument, bucket, asked, plan, files, lists } = course.run;
  if (dataset !== null) return { kind: 'frozen', dataset };
  enter(course, 'freezing');
  const frozen = await freezeDataset({ runId, instrument, bucket, asked, files, lists, ...(plan === undefined ? {} : { plan }) });
  if (frozen.kind === 'refused') return { kind: 'skipped', runId, summary: frozen.summary };
  enter(course, 'checking', { dataset: frozen.dataset });
  const quality = judgeQuality(frozen.report, frozen.qualityThreshold);
  return quality.passed ? { kind: 'frozen', dataset: frozen.dataset } : { kind: 'skipped', runId, summary: quality.reason };
};

const begin = async (course: Course, dataset: FrozenDataset): Promise<BegunRun> => {
  if (course.run.begun !== null) return course.run.begun;
  const begun = await beginRun(beginOf(course.run, dataset));
  enter(course, 'training', { begun });
  return begun;
};

type Skipped = Extract<TrainingResult, { kind: 'skipped' }>;

/**
 * Takes over what another model knows, as far as that does no harm. A run that was to do nothing else is skipped where it may not; null when it is
 * to stop.
 */
const takeOver = async (course: Course, dataset: FrozenDataset, begun: BegunRun): Promise<BegunRun | Skipped | null> => {
  const { source } = begun;
  if (source === undefined || !patched('measured-transfer')) return begun; // since 2026-11-21
  const transfer = await handOn({
    request: proposalOf(course.run, dataset, begun, source),
    trial: () => course.run.transfer ?? null,
    become: (trial) => enter(course, 'transferring', { transfer: trial }),
    interruptibly: async (work) => ((await mayGoOn(course)) ? unlessInterrupted(course, work) : null),
    isStopping: () => course.run.stopping,
  });
  if (transfer === null) return null;
  const { used, reason } = transfer.verdict;
  const { runId } = course.run;
  if (!used && transfer.occasion !== 'initial')
    return { kind: 'skipped', runId, summary: `${transfer.from.bucket} hands on nothing: ${reason}`, transfer };
  const after = afterTransfer(begun, transfer);
  enter(course, 'training', { begun: after });
  return after;
};

/** Trains chunk by chunk; a pause waits between two, a stop ends early. Null when nothing was trained. */
const train = async (course: Course, dataset: FrozenDataset, begun: BegunRun): Promise<ChunkResult | null> => {
  const wanted = (): boolean => !isTrained(course.run) && !course.run.stopping;
  while (wanted()) {
    const chunk = (await mayGoOn(course)) ? await trainOneChunk(course, dataset, begun) : null;
    if (chunk !== null) enter(course, 'training', { chunk });
    if (workflowInfo().continueAsNewSuggested && wanted()) {
      await condition(allHandlersFinished);
      await continueAsNew<typeof trainingRun>(course.run);
    }
  }
  return course.run.chunk;
};

/** Waits while paused; false when the run is to stop. */
const mayGoOn = async (course: Course): Promise<boolean> => {
  await condition(() => !course.run.paused || course.run.stopping);
  return !course.run.stopping;
};

/** One chunk, or null when a pause or a stop interrupted it. */
const trainOneChunk = async (course: Course, dataset: FrozenDataset, begun: BegunRun): Promise<ChunkResult | null> => {
  const request = nextChunk(course.run, dataset, begun);
  return unlessInterrupted(course, () => trainChunk.executeWithOptions({ summary: chunkSummary(course.run, request.toStep) }, [request]));
};

/** What the work gives, or null when a pause or a stop interrupted it. */
const unlessInterrupted = async <T>(course: Course, work: () => Promise<T>): Promise<T | null> => {
  const scope = new CancellationScope();
  course.interrupt = () => {
    if (course.run.paused || course.run.stopping) scope.cancel();
  };
  try {
    return await scope.run(work);
  } catch (error) {
    const byHand = isCancellation(error) && !CancellationScope.current().consideredCancelled;
    if (byHand && (course.run.paused || course.run.stopping)) return null;
    throw error;
  } finally {
    course.interrupt = () => undefined;
  }
};

const enter = (course: Course, phase: RunPhase, changes: Partial<TrainingRun> = {}): void => {
  course.run = { ...course.run, ...changes, phase };
  show(course);
};

const show = (course: Course): void => {
  const { run } = course;
  const shown: Shown = { instrument: run.instrument, bucket: run.bucket, phase: run.paused ? 'paused' : run.phase, cycle: run.cycle };
  showAttributes(shown, course.shown);
  course.shown = shown;
  setCurrentDetails(runCard(run));
};
