import { PRIVATE_STATE } from '../../domain/agent/observation.js';
import { horizonOfInput } from '../../domain/agent/private-state.js';
import type { RandomStream } from '../../domain/ports.js';
import type { Batch } from '../learner.js';
import { restoreColumns, type Columns } from '../columns.js';
import { createSumTree } from './sum-tree.js';

const HORIZON = PRIVATE_STATE.indexOf('horizon');

/** Added to |TD error|, so that nothing is forgotten for good. */
const SMALLEST_PRIORITY = 1e-6;

export interface ReplayOptions {
  readonly capacity: number;
  readonly batchSize: number;
  /** Exponent of the priorities; null for uniform sampling. */
  readonly alpha: number | null;
  /** By slot: what its priority is multiplied by; 1 unless given. */
  readonly emphasis?: Float64Array;
  /** Auxiliary target at a bar for a horizon, both in bars. */
  readonly volatility: (bar: number, horizon: number) => number;
}

/** Transitions as columns by slot; states are bar indices and private state (slots × 4), never observations. */
export type TransitionColumns = ReturnType<typeof transitionColumns>;

/** A ring of transitions from which batches are drawn, by priority (Schaul et al. 2016, arXiv 1511.05952) or uniformly. */
export interface ReplayBuffer {
  readonly columns: TransitionColumns;
  size(): number;
  /** The slot to write the next transition into, the oldest one's when full; it gets the largest priority so far. */
  append(): number;
  /** Draws a batch, in arrays that the next draw reuses; `beta` corrects the bias of priorities through the weights. Throws `RangeError` when empty. */
  sample(random: RandomStream, beta: number): Batch;
  /** Sets the priorities of the batch drawn last from its |TD errors|. */
  update(tdErrors: Float32Array): void;
  /** Everything, without unused slots, as views that hold until the next append. */
  state(): Columns;
  restore(state: Columns): void;
}

export const createReplayBuffer = ({ capacity, batchSize, alpha, emphasis, volatility }: ReplayOptions): ReplayBuffer => {
  const columns = transitionColumns(capacity);
  const batch = emptyBatch(batchSize);
  const drawn = new Int32Array(batchSize);
  const tree = alpha === null ? null : createSumTree(capacity);
  const prioritise = (slot: number, priority: number): void => tree?.set(slot, priority * (emphasis?.[slot] ?? 1));
  let size = 0;
  let cursor = 0;
  let largest = 1;

  const gather = (row: number, slot: number): void => {
    const bar = columns.bar[slot]!;
    drawn[row] = slot;
    batch.bars[row] = bar;
    batch.nextBars[row] = columns.nextBar[slot]!;
    batch.price[row] = columns.price[slot]!;
    batch.quantity[row] = columns.quantity[slot]!;
    batch.reward[row] = columns.reward[slot]!;
    batch.discount[row] = columns.discount[slot]!;
    batch.volatility[row] = volatility(bar, horizonOfInput(columns.privateState[slot * PRIVATE_STATE.length + HORIZON]!));
    const [to, from] = [row * PRIVATE_STATE.length, slot * PRIVATE_STATE.length];
    for (let i = 0; i < PRIVATE_STATE.length; i++) {
      batch.privateState[to + i] = columns.privateState[from + i]!;
      batch.nextPrivateState[to + i] = columns.nextPrivateState[from + i]!;
    }
  };

  return {
    columns,
    size: () => size,
    append() {
      const slot = cursor;
      cursor = (cursor + 1) % capacity;
      size = Math.min(size + 1, capacity);
      prioritise(slot, largest);
      return slot;
    },
    sample(random, beta) {
      if (size === 0) throw new RangeError('cannot draw from an empty replay buffer: append transitions first');
      if (tree === null) {
        for (let row = 0; row < batchSize; row++) gather(row, random.integer(size));
        return batch;
      }
      const total = tree.total();
      let heaviest = 0;
      for (let row = 0; row < batchSize; row++) {
        const slot = tree.find(((row + random.uniform()) / batchSize) * total);
        gather(row, slot);
        const weight = ((size * tree.get(slot)) / total) ** -beta;
        batch.weight[row] = weight;
        if (weight > heaviest) heaviest = weight;
      }
      for (let row = 0; row < batchSize; row++) batch.weight[row]! /= heaviest;
      return batch;
    },
    update(tdErrors) {
      if (tree === null || alpha === null) return;
      for (let row = 0; row < batchSize; row++) {
        const priority = (Math.abs(tdErrors[row]!) + SMALLEST_PRIORITY) ** alpha;
        prioritise(drawn[row]!, priority);
        if (priority > largest) largest = priority;
      }
    },
    state: () => ({
      ...used(columns, size),
      weights: tree?.weights(size) ?? new Float64Array(0),
      counters: Float64Array.of(size, cursor, largest),
    }),
    restore({ weights, counters, ...saved }) {
      const [savedSize = 0, savedCursor = 0, savedLargest = 1] = counters ?? [];
      if (counters?.length !== 3 || savedSize > capacity || savedCursor >= capacity || !(weights instanceof Float64Array))
        throw new RangeError(
          `saved replay of ${savedSize} transitions does not fit a buffer of ${capacity}: the checkpoint belongs to other settings`,
        );
      restoreColumns(used(columns, savedSize), saved);
      tree?.load(weights);
      [size, cursor, largest] = [savedSize, savedCursor, savedLargest];
    },
  };
};

/** Columns for so many transitions. */
export const transitionColumns = (capacity: number) => ({
  bar: new Int32Array(capacity),
  privateState: new Float32Array(capacity * PRIVATE_STATE.length),
  price: new Uint8Array(capacity),
  quantity: new Uint8Array(capacity),
  reward: new Float32Array(capacity),
  nextBar: new Int32Array(capacity),
  nextPrivateState: new Float32Array(capacity * PRIVATE_STATE.length),
  discount: new Float32Array(capacity),
});

/** Views of the columns' first `size` slots. */
const used = (columns: TransitionColumns, size: number): Columns => ({
  bar: columns.bar.subarray(0, size),
  privateState: columns.privateState.subarray(0, size * PRIVATE_STATE.length),
  price: columns.price.subarray(0, size),
  quantity: columns.quantity.subarray(0, size),
  reward: columns.reward.subarray(0, size),
  nextBar: columns.nextBar.subarray(0, size),
  nextPrivateState: columns.nextPrivateState.subarray(0, size * PRIVATE_STATE.length),
  discount: columns.discount.subarray(0, size),
});

/** A batch of so many rows, all weights 1. */
export const emptyBatch = (rows: number): Batch => ({
  bars: new Int32Array(rows),
  privateState: new Float32Array(rows * PRIVATE_STATE.length),
  nextBars: new Int32Array(rows),
  nextPrivateState: new Float32Array(rows * PRIVATE_STATE.length),
  price: new Int32Array(rows),
  quantity: new Int32Array(rows),
  reward: new Float32Array(rows),
  discount: new Float32Array(rows),
  weight: new Float32Array(rows).fill(1),
  volatility: new Float32Array(rows),
});
