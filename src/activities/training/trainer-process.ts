import type { ChildProcess } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { ApplicationFailure, Context } from '@temporalio/activity';
import { describeMemory, type MemoryLimits, type MemoryUse } from '../../domain/memory/zones.js';
import { failureKind } from '../../domain/failures.js';
import type { Logger } from '../../domain/ports.js';
import type {
  TrainerFailure,
  TrainerHeartbeat,
  TrainerProgress,
  TrainerResult,
  TrainingJob,
} from '../../domain/training/trainer-protocol.js';
import { converse, type Conversation, type TrainerEnding, type TrainerNews } from './converse.js';
import { failureOf } from '../trainer/failure.js';
import { forkTrainer, type ForkOptions } from './fork-trainer.js';
import { memoryAboveLimit } from '../memory/watch-memory.js';
import { readMemory } from '../memory/read-memory.js';
import { canShrink, jobInMemory, withBatch } from '../trainer/fit-memory.js';
import { afterNews, attemptFailed, firstHeartbeat } from '../trainer/heartbeat.js';

export interface TrainerProcessOptions extends ForkOptions {
  readonly job: TrainingJob;
  /** Throws an error named `StaleEpoch` when a newer attempt owns the run; whatever else it throws is waited out. */
  readonly assertEpoch: () => Promise<void>;
  readonly onProgress?: (progress: TrainerProgress) => void;
  readonly logger: Logger;
  /** Shares of memory in use above which something is done; nothing is unless given. */
  readonly memory?: MemoryLimits;
  /** Longest silence of a live trainer, start and compilation included. */
  readonly stallAfterMs?: number;
  /** Longest time for the last checkpoint when training is to stop. */
  readonly stopWithinMs?: number;
}

const HEARTBEAT_MS = 5_000;
const EPOCH_RETRY_MS = 2_000;
/** A full disk is looked at again within a minute; the process itself has waited long before. */
const DISK_FULL_RETRY = '1 minute';
/** A trainer that is known to have ended is followed at once; later, the more often in a row it did. */
const CRASH_RETRY_MS = 2_000;
/** Attempts in a row that may fail without a new checkpoint. */
const ATTEMPTS_WITHOUT_PROGRESS = 4;

/**
 * Runs one attempt of a training in a process of its own, inside a Temporal activity, and never returns while that process can still write.
 * Cancelled, it lets the trainer checkpoint and stop first; timed out or unknown to the server, it kills the trainer at once, as another attempt
 * may own the run. Throws `CancelledFailure`, or an `ApplicationFailure` of a type in `domain/failures`.
 */
export const runTrainerProcess = async (options: TrainerProcessOptions): Promise<TrainerResult> => {
  const context = Context.current();
  let heartbeat = firstHeartbeat(context.info.heartbeatDetails);
  const job = jobInMemory(options.job, heartbeat.halvings ?? 0, options.logger);
  const beat = (): void => context.heartbeat(heartbeat);
  const child = forkTrainer(options);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const conversation = converse(child, {
    stallAfterMs: options.stallAfterMs ?? 600_000,
    mayCommit: () => ownership(options, context.cancellationSignal),
    onNews(news) {
      heartbeat = afterNews(heartbeat, news);
      tellPeople(options, news, child.pid);
    },
  });
  beat();
  const watch = new AbortController();
  const pulse = setInterval(beat, HEARTBEAT_MS);
  try {
    conversation.tell({ kind: 'train', job });
    const ending = await Promise.race([conversation.ended, cancellation(context), shortage(options, job, watch.signal)]);
    if (ending.kind === 'cancelled') return await stop(conversation, options, context);
    if (ending.kind === 'shortage') {
      const stopped = await checkpointed(conversation, options);
      if (stopped?.kind === 'done') return withBatch(stopped.result, job);
    }
    if (ending.kind === 'done') return withBatch(ending.result, job);
    const failure =
      ending.kind === 'shortage'
        ? outOfMemory(ending.use)
        : ending.kind === 'failed'
          ? ending.failure
          : { type: 'TrainerCrashed', message: 'the trainer stopped without being asked to' };
    heartbeat = attemptFailed(heartbeat, failure);
    throw applicationFailure(failure, heartbeat);
  } finally {
    clearInterval(pulse);
    watch.abort();
    conversation.close();
    await killed(child, exited);
    beat(); // travels with a failure
  }
};

const cancellation = (context: Context): Promise<{ readonly kind: 'cancelled' }> => context.cancelled.catch(() => ({ kind: 'cancelled' }));

/**
 * Lets a cancelled trainer checkpoint; one that finishes meanwhile has finished. After a timeout, or when the server knows nothing of this
 * attempt any more, it gets no time: somebody else may own the run.
 */
const stop = async (conversation: Conversation, options: TrainerProcessOptions, context: Context): Promise<TrainerResult> => {
  const { timedOut = false, notFound = false } = context.cancellationDetails ?? {};
  if (timedOut || notFound) return context.cancelled;
  const ending = await checkpointed(conversation, options);
  return ending?.kind === 'done' ? ending.result : context.cancelled;
};

/** Lets the trainer write a checkpoint and end; null when it takes too long. */
const checkpointed = (conversation: Conversation, { stopWithinMs = 60_000 }: TrainerProcessOptions): Promise<TrainerEnding | null> => {
  conversation.tell({ kind: 'checkpointAndStop' });
  return Promise.race([conversation.ended, wait(stopWithinMs, null, { ref: false })]);
};

/** Resolves when memory rises above its limit while a batch can still be halved; else never. */
const shortage = async (
  { memory: limits, logger, devices }: TrainerProcessOptions,
  job: TrainingJob,
  signal: AbortSignal,
): Promise<{ readonly kind: 'shortage'; readonly use: MemoryUse }> => {
  const watched = limits !== undefined && canShrink(job);
  const use = watched ? await memoryAboveLimit({ limits, read: () => readMemory(devices), logger, run: job.runId, signal }) : null;
  return use === null ? new Promise(() => undefined) : { kind: 'shortage', use };
};

const outOfMemory = (use: MemoryUse): TrainerFailure => ({ type: 'OutOfMemory', message: `${describeMemory(use)}, above memory.limit` });

/** Asks until the registry answers: a database that is away pauses training, it does not end it. */
const ownership = async ({ assertEpoch, logger }: TrainerProcessOptions, cancelled: AbortSignal): Promise<TrainerFailure | null> => {
  for (let tries = 1; ; tries++) {
    try {
      await assertEpoch();
      return null;
    } catch (error) {
      const failure = failureOf(error);
      if (failure.type === 'EpochSuperseded' || cancelled.aborted) return failure;
      if (tries === 1) logger.warn('training waits: whether it still owns its run cannot be known', { reason: failure.message });
      await wait(EPOCH_RETRY_MS);
    }
  }
};

const tellPeople = ({ onProgress, logger, job }: TrainerProcessOptions, news: TrainerNews, pid: number | undefined): void => {
  const run = job.runId;
  if (news.kind === 'progress') onProgress?.(news.progress);
  else if (news.kind === 'started') logger.info('training started', { run, step: news.step, backend: news.backend, pid });
  else if (news.kind === 'waiting') logger.warn('training waits', { run, reason: news.reason, detail: news.message });
  else logger.debug('checkpoint saved', { run, ...news.checkpoint });
};

const applicationFailure = ({ type, message }: TrainerFailure, { failuresWithoutProgress, step }: TrainerHeartbeat): ApplicationFailure => {
  if (failureKind(type).retryable && failuresWithoutProgress >= ATTEMPTS_WITHOUT_PROGRESS)
    return ApplicationFailure.nonRetryable(
      `${failuresWithoutProgress} attempts in a row failed at step ${step}, the last with ${type}: ${message}`,
      'NoProgress',
    );
  return ApplicationFailure.create({
    type,
    message,
    nonRetryable: !failureKind(type).retryable,
    nextRetryDelay: type === 'DiskFull' ? DISK_FULL_RETRY : CRASH_RETRY_MS * failuresWithoutProgress,
  });
};

const killed = async (child: ChildProcess, exited: Promise<void>): Promise<void> => {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await exited;
};
