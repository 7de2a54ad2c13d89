import type { RandomStream } from '../../domain/ports.js';
import type { Batch } from '../learner.js';
import { emptyBatch, type ReplayBuffer } from './replay-buffer.js';

/** Where batches come from, and where what was learned of them goes. */
export type BatchSource = Pick<ReplayBuffer, 'sample' | 'update'>;

/** A source with the rows that it gives of every batch, all of them its own batch size. */
export interface MixedSource {
  readonly source: BatchSource;
  readonly rows: number;
}

const INTEGERS = ['bars', 'nextBars', 'price', 'quantity'] as const satisfies readonly (keyof Batch)[];
const FLOATS = [
  'privateState',
  'nextPrivateState',
  'reward',
  'discount',
  'weight',
  'volatility',
] as const satisfies readonly (keyof Batch)[];

/** Draws batches from several sources in set proportions: the rows of each come one after the other. */
export const mixReplays = (sources: readonly MixedSource[]): BatchSource => {
  const batch = emptyBatch(sources.reduce((sum, { rows }) => sum + rows, 0));
  return {
    sample(random: RandomStream, beta: number): Batch {
      let at = 0;
      for (const { source, rows } of sources) {
        const part = source.sample(random, beta);
        for (const name of INTEGERS) batch[name].set(part[name], at);
        for (const name of FLOATS) batch[name].set(part[name], (at * part[name].length) / rows);
        at += rows;
      }
      return batch;
    },
    update(tdErrors) {
      let at = 0;
      for (const { source, rows } of sources) {
        source.update(tdErrors.subarray(at, at + rows));
        at += rows;
      }
    },
  };
};
