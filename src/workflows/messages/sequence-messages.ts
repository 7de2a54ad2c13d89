import { defineQuery, defineUpdate } from '@temporalio/workflow';
import type { RequestedTransfer, SequenceProgress } from '../../domain/sequence/sequence.js';

/** A sequence also takes the training run's `pause`, `resume` and `stop`. */
export const sequenceProgressQuery = defineQuery<SequenceProgress>('progress');

/** What a bucket that has not begun starts from; refused, with the reason, for any other. */
export const transferUpdate = defineUpdate<SequenceProgress, [RequestedTransfer]>('transfer');
