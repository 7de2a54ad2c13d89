import { defineQuery } from '@temporalio/workflow';
import type { SequenceProgress } from '../../domain/sequence/sequence.js';

/** A sequence also takes the training run's `pause`, `resume` and `stop`. */
export const sequenceProgressQuery = defineQuery<SequenceProgress>('progress');
