import { trainingRunId } from '../ids.js';
import type { RunningTraining } from '../learner/state.js';
import type { TrainingResult } from '../training/training-run.js';
import type { TransferKind } from '../transfer/plan.js';
import type { BucketPlan, TransferSource } from './bucket-plan.js';
import { modelsToCross, type CrossEvaluation } from './cross-evaluation.js';
import { nextInCurriculum, type MeasuredGain } from './curriculum.js';

/** What a bucket of a sequence ended with. */
export interface BucketResult {
  readonly bucket: string;
  readonly runId: string;
  /** What was handed on to it; null when it started without. */
  readonly source: TransferSource | null;
  /** Why it was next, where the sequence chose. */
  readonly because?: string;
  readonly result: TrainingResult;
  /** What it failed with, where a learner's pass went on without it. */
  readonly failure?: Pick<FailedBucket, 'type' | 'message'>;
}

/** What a learner's pass over the buckets has of the learner. */
export type LearnerPass = Pick<RunningTraining, 'files' | 'lists' | 'full' | 'asked' | 'reason' | 'priority'>;

/** A bucket that could not be trained; the sequence waits until it is told to try again or to stop. */
export interface FailedBucket {
  readonly bucket: string;
  readonly runId: string;
  readonly type: string;
  readonly message: string;
  readonly advice: string;
}

/** A transfer that somebody asks for, into a bucket that has not begun. */
export interface RequestedTransfer {
  readonly to: string;
  readonly from: TransferSource;
  /** As configured unless given. */
  readonly kinds?: readonly TransferKind[];
  /** Blends weights also into a network that was trained independently. */
  readonly forced?: boolean;
}

/** What somebody asks for: the buckets in order, and whether what one learned is handed on to the next. */
export interface SequenceRequest {
  readonly buckets: readonly Omit<BucketPlan, 'source'>[];
  readonly transfer: boolean;
  /** What the first bucket starts from; it starts from its own production unless given. */
  readonly from?: TransferSource | null;
  /** Transfers that take the place of the usual one, by their bucket. */
  readonly asked?: readonly RequestedTransfer[];
  /** Whether the buckets are trained once more, backwards, with what the later ones know, where that helps. */
  readonly reverse?: boolean;
  /** Whether the sequence chooses the order, and which bucket hands on to which, by what transfers were measured to be worth. */
  readonly curriculum?: boolean;
  /** Versions that may hand on beside `from`: those of the part of a curriculum that ended before. */
  readonly known?: readonly TransferSource[];
  /** Buckets that are trained at once where none is handed on to another; 1 unless given. */
  readonly parallel?: number;
  /** Wait between two buckets. */
  readonly pauseMs: number;
}

/** A progressive sequence: plain JSON, and the input of its next part after continue-as-new. */
export interface Sequence extends SequenceRequest {
  readonly schemaVersion: 1;
  /** Workflow id: `sequence-ES-000001`, or `train-ES-000001` for a learner's pass. */
  readonly id: string;
  readonly instrument: string;
  readonly number: number;
  /** In the order of their ends. */
  readonly results: readonly BucketResult[];
  /** Buckets that are being trained. */
  readonly underWay: readonly string[];
  /** Attempts at buckets that have not ended, by bucket. */
  readonly attempts: Readonly<Record<string, number>>;
  readonly failures: readonly FailedBucket[];
  /** What transfers were worth, as it was known when the bucket before the next one ended; of a curriculum. */
  readonly gains?: readonly MeasuredGain[];
  /** Each bucket's model at the task of each, once all are trained; null where that could not be played. */
  readonly across?: CrossEvaluation | null;
  readonly paused: boolean;
  readonly stopping: boolean;
  /** Where a learner started it: nobody watches then, and a bucket that fails is left out. */
  readonly pass?: LearnerPass;
}

/** Answer of the sequence's `progress` query, and what it ends with. */
export interface SequenceProgress extends SequenceRequest, Pick<Sequence, 'id' | 'instrument' | 'results' | 'across'> {
  readonly phase: SequencePhase;
  /** The first bucket that is trained or waits; null when all are done. */
  readonly bucket: string | null;
  /** Its run; null where it has not begun. */
  readonly runId: string | null;
  /** The first of `failures`; null where none is. */
  readonly failure: FailedBucket | null;
  /** What the sequence waits for. */
  readonly failures: readonly FailedBucket[];
  /** All that are being trained. */
  readonly underWay: readonly { readonly bucket: string; readonly runId: string }[];
}

export type SequencePhase = 'training' | 'comparing' | 'paused' | 'failed' | 'stopped' | 'done';

/** A sequence that has not begun. */
export const newSequence = (instrument: string, number: number, request: SequenceRequest): Sequence => ({
  schemaVersion: 1,
  ...request,
  id: sequenceId(instrument, number),
  instrument,
  number,
  results: [],
  underWay: [],
  attempts: {},
  failures: [],
  paused: false,
  stopping: false,
});

/** A learner's pass over the buckets that has not begun. */
export const newPass = (instrument: string, request: SequenceRequest, running: RunningTraining): Sequence => {
  const { cycle, files, lists, full, asked, reason, priority } = running;
  const pass = { files, lists, full, asked, reason, ...(priority === undefined ? {} : { priority }) };
  return { ...newSequence(instrument, cycle, request), id: trainingRunId(instrument, cycle), pass };
};

/** Files that the next bucket takes in: those of the learner, until a bucket has. */
export const filesOf = ({ pass, results }: Sequence): Pick<LearnerPass, 'files' | 'lists'> =>
  pass === undefined || results.some(({ failure }) => failure === undefined)
    ? { files: [], lists: [] }
    : { files: pass.files, lists: pass.lists };

/** A sequence as a workflow is given it: earlier versions of Ratchet counted the attempts at the next bucket alone. */
export type SequenceInput = Omit<Sequence, 'underWay' | 'attempts' | 'failures'> &
  Partial<Pick<Sequence, 'failures'>> & { readonly attempts: Sequence['attempts'] | number };

/** A sequence of which no bucket is being trained yet. */
export const sequenceFrom = ({ attempts, failures = [], ...input }: SequenceInput): Sequence => ({
  ...input,
  underWay: [],
  attempts: typeof attempts === 'number' ? {} : attempts,
  failures,
});

/** Workflow id of a sequence. Zero-padded, so that lists sort. */
export const sequenceId = (instrument: string, number: number): string => `sequence-${instrument}-${String(number).padStart(6, '0')}`;

/** Buckets that the sequence trains at once: one that hands on to the next is waited for. */
export const lanesOf = ({ transfer, parallel = 1 }: SequenceRequest): number => (transfer ? 1 : parallel);

/** The bucket that may begin now, with what it starts from. Null when none is left, or as many train as may do so at once. */
export const nextBucket = (sequence: Sequence): BucketPlan | null => {
  const { buckets, results, underWay, curriculum = false, gains = [] } = sequence;
  if (underWay.length >= lanesOf(sequence)) return null;
  if (results.length >= buckets.length) return backwards(sequence);
  const open = buckets.filter(({ bucket }) => !underWay.includes(bucket) && results.every((ended) => ended.bucket !== bucket));
  const again = open.filter(({ bucket }) => sequence.attempts[bucket] !== undefined);
  const candidates = (again.length > 0 ? again : open).map(({ bucket }) => bucket);
  const step = curriculum ? nextInCurriculum(candidates, [...versions(sequence).keys()], gains) : null;
  const plan = step === null ? open[0] : open.find(({ bucket }) => bucket === step.bucket);
  if (plan === undefined) return null;
  const usual: BucketPlan =
    step === null
      ? { ...plan, source: sourceOf(sequence) }
      : { ...plan, source: versions(sequence).get(step.from ?? '') ?? null, because: step.because };
  const request = sequence.asked?.find(({ to }) => to === plan.bucket);
  if (request === undefined) return usual;
  const { from: source, kinds, forced } = request;
  const because = step === null ? {} : { because: 'its transfer was asked for' };
  return { ...plan, source, ...because, occasion: 'requested', ...(kinds && { kinds }), ...(forced && { forced }) };
};

/** After the last bucket the one before it, and so on, with the newest version of another one; null when none is left, or nothing to hand back. */
const backwards = ({ buckets, results, transfer, reverse = false }: Sequence): BucketPlan | null => {
  const turn = results[2 * buckets.length - 2 - results.length]?.bucket;
  const plan = buckets.find(({ bucket }) => bucket === turn);
  const source = plan === undefined ? null : newestVersion(results.filter(({ bucket }) => bucket !== plan.bucket));
  return plan === undefined || source === null || !reverse || !transfer ? null : { ...plan, source, occasion: 'reverse' };
};

/** Why a transfer cannot be taken in now; null when it can. */
export const refuseTransfer = (sequence: Sequence, { to, from }: RequestedTransfer): string | null => {
  const { id, buckets, results, underWay } = sequence;
  if (buckets.every(({ bucket }) => bucket !== to))
    return `${to} is no bucket of ${id}: expected one of ${buckets.map(({ bucket }) => bucket).join(', ')}`;
  if (from.bucket === to) return `${to} cannot hand on to itself: expected another bucket to start from`;
  if (results.some(({ bucket }) => bucket === to)) return `${id} has trained ${to} already: ask again when the sequence has ended`;
  if (underWay.includes(to)) return `${to} is being trained as ${bucketRunId(sequence, to)}: ask again when that has ended`;
  return null;
};

/** Takes in a transfer that was asked for. Call `refuseTransfer` first. */
export const requestTransfer = (sequence: Sequence, request: RequestedTransfer): Sequence => ({
  ...sequence,
  asked: [...(sequence.asked ?? []).filter(({ to }) => to !== request.to), request],
});

/** Run id of the attempt under way: `sequence-ES-000001-Short`, `sequence-ES-000001-Short-2` when it is tried again, and `…-Short-back` when it is its second turn. */
export const bucketRunId = ({ id, results, attempts }: Pick<Sequence, 'id' | 'results' | 'attempts'>, bucket: string): string => {
  const { [bucket]: attempt = 1 } = attempts;
  return `${id}-${bucket}${results.some((ended) => ended.bucket === bucket) ? '-back' : ''}${attempt > 1 ? `-${attempt}` : ''}`;
};

/** Begins an attempt at a bucket. */
export const beginBucket = (sequence: Sequence, bucket: string): Sequence => {
  const { [bucket]: before = 0 } = sequence.attempts;
  return { ...sequence, underWay: [...sequence.underWay, bucket], attempts: { ...sequence.attempts, [bucket]: before + 1 } };
};

/** Takes in what a bucket's run ended with: a run that was stopped is not the bucket's end, but the sequence's. */
export const finishBucket = (sequence: Sequence, { bucket, source, because }: BucketPlan, result: TrainingResult): Sequence => {
  const ended = withoutAttempt(sequence, bucket);
  if (result.kind === 'stopped') return { ...ended, stopping: true };
  const attempts = Object.fromEntries(Object.entries(ended.attempts).filter(([name]) => name !== bucket));
  const outcome = { bucket, runId: result.runId, source, ...(because === undefined ? {} : { because }), result };
  return { ...ended, attempts, results: [...ended.results, outcome] };
};

/**
 * Takes in that an attempt failed: the bucket is open again, and the sequence begins nothing until it is told to go on. A learner's pass goes on
 * without the bucket.
 */
export const failBucket = (sequence: Sequence, plan: BucketPlan, failure: FailedBucket): Sequence => {
  if (sequence.pass === undefined) return { ...withoutAttempt(sequence, plan.bucket), failures: [...sequence.failures, failure] };
  const { runId, type, message } = failure;
  const ended = finishBucket(sequence, plan, { kind: 'skipped', runId, summary: `${type}: ${message}` });
  return { ...ended, results: ended.results.map((each) => (each.runId === runId ? { ...each, failure: { type, message } } : each)) };
};

/** Takes a bucket off those that are being trained. */
export const withoutAttempt = (sequence: Sequence, bucket: string): Sequence => ({
  ...sequence,
  underWay: sequence.underWay.filter((name) => name !== bucket),
});

/** What the outside sees. */
export const sequenceProgress = (sequence: Sequence): SequenceProgress => {
  const { id, instrument, buckets, transfer, asked, reverse, curriculum, known, parallel, from = null, pauseMs } = sequence;
  const { results, underWay, attempts, failures, across } = sequence;
  const [failure = null] = failures;
  const bucket = failure?.bucket ?? underWay[0] ?? nextBucket(sequence)?.bucket ?? null;
  return {
    id,
    instrument,
    phase: phaseOf(sequence),
    buckets,
    transfer,
    from,
    ...(asked && { asked }),
    ...(reverse && { reverse }),
    ...(curriculum && { curriculum }),
    ...(known && { known }),
    ...(parallel === undefined ? {} : { parallel }),
    pauseMs,
    bucket,
    runId: bucket === null || attempts[bucket] === undefined ? null : bucketRunId(sequence, bucket),
    underWay: underWay.map((name) => ({ bucket: name, runId: bucketRunId(sequence, name) })),
    results,
    failure,
    failures,
    ...(across === undefined ? {} : { across }),
  };
};

/**
 * What is left of a sequence that ended before its last bucket, or all from the first of `named` on in the order in which they were trained. Null when
 * there is nothing left.
 */
export const restOf = (ended: SequenceProgress, named?: readonly string[]): SequenceRequest | null => {
  const { buckets, results, transfer, asked, reverse, curriculum, known = [], parallel, from, pauseMs } = ended;
  const turn = (name: string): number => {
    const place = results.findIndex((result) => result.bucket === name);
    return place < 0 ? results.length : place;
  };
  const inTurn = buckets.toSorted((one, other) => turn(one.bucket) - turn(other.bucket));
  const start = named === undefined ? results.length : inTurn.findIndex(({ bucket }) => named.includes(bucket));
  const rest = start < 0 ? [] : inTurn.slice(start);
  return rest.length === 0
    ? null
    : {
        buckets: rest,
        transfer,
        ...(asked && { asked }),
        ...(reverse && { reverse }),
        ...(curriculum && { curriculum, known: [...known, ...decidedVersions(results.slice(0, start))] }),
        ...(parallel === undefined ? {} : { parallel }),
        pauseMs,
        from: newestVersion(results.slice(0, start)) ?? from ?? null,
      };
};

const phaseOf = (sequence: Sequence): SequencePhase => {
  const { failures, underWay, paused, stopping, across, results } = sequence;
  if (failures.length === 0 && underWay.length === 0 && nextBucket(sequence) === null)
    return across === undefined && modelsToCross(results).length > 1 ? 'comparing' : 'done';
  if (stopping) return 'stopped';
  if (failures.length > 0) return 'failed';
  return paused ? 'paused' : 'training';
};

/** The newest version of the sequence, whatever the gate said of it: the next bucket starts with what it learned. */
const sourceOf = ({ transfer, from = null, results }: Sequence): TransferSource | null =>
  transfer ? (newestVersion(results) ?? from) : null;

const newestVersion = (results: readonly BucketResult[]): TransferSource | null => decidedVersions(results).at(-1) ?? null;

/** What can hand on to the next bucket, by bucket: the newest version of each, and what the sequence began with. */
const versions = ({ from = null, known = [], results }: Sequence): ReadonlyMap<string, TransferSource> =>
  new Map([...known, ...(from === null ? [] : [from]), ...decidedVersions(results)].map((source) => [source.bucket, source]));

const decidedVersions = (results: readonly BucketResult[]): TransferSource[] =>
  results.flatMap(({ bucket, result }) => (result.kind === 'decided' ? [{ bucket, version: result.version }] : []));
