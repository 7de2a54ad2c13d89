import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { TrainingProgress } from '../../domain/training/training-run.js';

/** Checkpoint, free the trainer, and wait. */
export const pauseSignal = defineSignal('pause');
export const resumeSignal = defineSignal('resume');
/** Checkpoint and end without a decision. */
export const stopSignal = defineSignal('stop');

export const progressQuery = defineQuery<TrainingProgress>('progress');
