import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { PaperTraderState } from '../../domain/paper/paper-trader.js';

/** Look at the market now. */
export const lookSignal = defineSignal('look');

export const paperQuery = defineQuery<PaperTraderState>('status');
