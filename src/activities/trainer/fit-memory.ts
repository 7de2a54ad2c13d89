import type { Logger } from '../../domain/ports.js';
import type { TrainerResult, TrainingJob } from '../../domain/training/trainer-protocol.js';

/** Fewest rows of a gradient step. */
const LEAST_BATCH = 8;

/** Rows of a gradient step after so many halvings for want of memory. */
export const batchAfter = (halvings: number, batchSize: number): number =>
  Math.min(batchSize, Math.max(LEAST_BATCH, Math.floor(batchSize / 2 ** halvings)));

/** The job with a batch that fits: each time that memory ran out it was halved. The learning rate stays; the log says what changed. */
export const jobInMemory = (job: TrainingJob, halvings: number, logger: Logger): TrainingJob => {
  const whole = job.batchSize ?? job.training.batchSize;
  if (halvings === 0 || typeof whole !== 'number') return job;
  const batchSize = batchAfter(halvings, whole);
  logger.warn('training goes on with a smaller batch for want of memory', { run: job.runId, batchSize, instead: whole });
  return { ...job, batchSize };
};

/** Whether a smaller batch is left to try. */
export const canShrink = ({ batchSize, training }: Pick<TrainingJob, 'batchSize' | 'training'>): boolean => {
  const rows = batchSize ?? training.batchSize;
  return typeof rows === 'number' && rows > LEAST_BATCH;
};

/** Tells the next chunk what batch memory sufficed for. */
export const withBatch = (result: TrainerResult, { batchSize }: TrainingJob): TrainerResult =>
  batchSize === undefined ? result : { ...result, batchSize };
