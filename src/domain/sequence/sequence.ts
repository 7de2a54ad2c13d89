import type { TrainingResult } from '../training/training-run.js';
import type { TransferKind } from '../transfer/plan.js';
import type { BucketPlan, TransferSource } from './bucket-plan.js';
import { modelsToCross, type CrossEvaluation } from './cross-evaluation.js';

/** What a bucket of a sequence ended with. */
export interface BucketResult {
  readonly bucket: string;
  readonly runId: string;
  /** What was handed on to it; null when it started without. */
  readonly source: TransferSource | null;
  readonly result: TrainingResult;
}

/** A bucket that could not be trained; the sequence waits until it is told to try again or to stop. */
export interface FailedBucket {
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
  /** Wait between two buckets. */
  readonly pauseMs: number;
}

/** A progressive sequence: plain JSON, and the input of its next part after continue-as-new. */
export interface Sequence extends SequenceRequest {
  readonly schemaVersion: 1;
  /** Workflow id: `sequence-ES-000001`. */
  readonly id: string;
  readonly instrument: string;
  readonly number: number;
  readonly results: readonly BucketResult[];
  /** Attempts at the bucket that is next. */
  readonly attempts: number;
  readonly failure: FailedBucket | null;
  /** Each bucket's model at the task of each, once all are trained; null where that could not be played. */
  readonly across?: CrossEvaluation | null;
  readonly paused: boolean;
  readonly stopping: boolean;
}

/** Answer of the sequence's `progress` query, and what it ends with. */
export interface SequenceProgress extends SequenceRequest, Pick<Sequence, 'id' | 'instrument' | 'results' | 'failure' | 'across'> {
  readonly phase: SequencePhase;
  /** The bucket that is trained or waits; null when all are done. */
  readonly bucket: string | null;
  readonly runId: string | null;
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
  attempts: 0,
  failure: null,
  paused: false,
  stopping: false,
});

/** Workflow id of a sequence. Zero-padded, so that lists sort. */
export const sequenceId = (instrument: string, number: number): string => `sequence-${instrument}-${String(number).padStart(6, '0')}`;

/** The bucket that is next, with what it starts from; null when all are done. */
export const nextBucket = (sequence: Sequence): BucketPlan | null => {
  const { buckets, results, asked = [] } = sequence;
  const plan = buckets[results.length];
  if (plan === undefined) return backwards(sequence);
  const request = asked.find(({ to }) => to === plan.bucket);
  if (request === undefined) return { ...plan, source: sourceOf(sequence) };
  const { from: source, kinds, forced } = request;
  return { ...plan, source, occasion: 'requested', ...(kinds && { kinds }), ...(forced && { forced }) };
};

/** After the last bucket the one before it, and so on, with the newest version of another one; null when none is left, or nothing to hand back. */
const backwards = ({ buckets, results, transfer, reverse = false }: Sequence): BucketPlan | null => {
  const plan = buckets[2 * buckets.length - 2 - results.length];
  const source = plan === undefined ? null : newestVersion(results.filter(({ bucket }) => bucket !== plan.bucket));
  return plan === undefined || source === null || !reverse || !transfer ? null : { ...plan, source, occasion: 'reverse' };
};

/** Why a transfer cannot be taken in now; null when it can. */
export const refuseTransfer = (sequence: Sequence, { to, from }: RequestedTransfer): string | null => {
  const { id, buckets, results, attempts, failure } = sequence;
  const place = buckets.findIndex(({ bucket }) => bucket === to);
  if (place < 0) return `${to} is no bucket of ${id}: expected one of ${buckets.map(({ bucket }) => bucket).join(', ')}`;
  if (from.bucket === to) return `${to} cannot hand on to itself: expected another bucket to start from`;
  if (place < results.length) return `${id} has trained ${to} already: ask again when the sequence has ended`;
  if (place === results.length && attempts > 0 && failure === null)
    return `${to} is being trained as ${bucketRunId(sequence, to)}: ask again when that has ended`;
  return null;
};

/** Takes in a transfer that was asked for. Call `refuseTransfer` first. */
export const requestTransfer = (sequence: Sequence, request: RequestedTransfer): Sequence => ({
  ...sequence,
  asked: [...(sequence.asked ?? []).filter(({ to }) => to !== request.to), request],
});

/** Run id of the attempt under way: `sequence-ES-000001-Short`, `sequence-ES-000001-Short-2` when it is tried again, and `…-Short-back` when it is its second turn. */
export const bucketRunId = (
  { id, attempts, buckets, results }: Pick<Sequence, 'id' | 'attempts' | 'buckets' | 'results'>,
  bucket: string,
): string => `${id}-${bucket}${results.length < buckets.length ? '' : '-back'}${attempts > 1 ? `-${attempts}` : ''}`;

/** Begins an attempt at the next bucket. */
export const beginBucket = (sequence: Sequence): Sequence => ({ ...sequence, attempts: sequence.attempts + 1, failure: null });

/** Takes in what a bucket's run ended with: a run that was stopped is not the bucket's end, but the sequence's. */
export const finishBucket = (sequence: Sequence, plan: BucketPlan, result: TrainingResult): Sequence =>
  result.kind === 'stopped'
    ? { ...sequence, stopping: true }
    : {
        ...sequence,
        attempts: 0,
        results: [...sequence.results, { bucket: plan.bucket, runId: result.runId, source: plan.source, result }],
      };

/** What the outside sees. */
export const sequenceProgress = (sequence: Sequence): SequenceProgress => {
  const { id, instrument, buckets, transfer, asked, reverse, from = null, pauseMs, results, failure, attempts, across } = sequence;
  const bucket = nextBucket(sequence)?.bucket ?? null;
  return {
    id,
    instrument,
    phase: phaseOf(sequence),
    buckets,
    transfer,
    from,
    ...(asked && { asked }),
    ...(reverse && { reverse }),
    pauseMs,
    bucket,
    runId: bucket === null || attempts === 0 ? null : bucketRunId(sequence, bucket),
    results,
    failure,
    ...(across === undefined ? {} : { across }),
  };
};

/** What is left of a sequence that ended before its last bucket, or all from `bucket` on. Null when there is nothing left. */
export const restOf = (ended: SequenceProgress, bucket?: string): SequenceRequest | null => {
  const { buckets, results, transfer, asked, reverse, from, pauseMs } = ended;
  const start = bucket === undefined ? results.length : buckets.findIndex((plan) => plan.bucket === bucket);
  const rest = start < 0 ? [] : buckets.slice(start);
  return rest.length === 0
    ? null
    : {
        buckets: rest,
        transfer,
        ...(asked && { asked }),
        ...(reverse && { reverse }),
        pauseMs,
        from: newestVersion(results.slice(0, start)) ?? from ?? null,
      };
};

const phaseOf = (sequence: Sequence): SequencePhase => {
  if (nextBucket(sequence) === null)
    return sequence.across === undefined && modelsToCross(sequence.results).length > 1 ? 'comparing' : 'done';
  if (sequence.stopping) return 'stopped';
  if (sequence.failure !== null) return 'failed';
  return sequence.paused ? 'paused' : 'training';
};

/** The newest version of the sequence, whatever the gate said of it: the next bucket starts with what it learned. */
const sourceOf = ({ transfer, from = null, results }: Sequence): TransferSource | null =>
  transfer ? (newestVersion(results) ?? from) : null;

const newestVersion = (results: readonly BucketResult[]): TransferSource | null => {
  const versions = results.flatMap(({ bucket, result }) => (result.kind === 'decided' ? [{ bucket, version: result.version }] : []));
  return versions.at(-1) ?? null;
};
