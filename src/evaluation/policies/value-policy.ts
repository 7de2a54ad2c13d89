import type { ActionBins } from '../../domain/agent/action-codec.js';
import { observationSize, PRIVATE_STATE } from '../../domain/agent/observation.js';
import { UnsuitableModel } from '../../learning/inference/onnx-network.js';
import type { QValues } from '../../learning/learner.js';
import { slideObservation, writeObservation, type FeatureMatrix } from '../../learning/observation.js';
import type { PolicyFunction } from './policy.js';

/** Q-values of `count` observations laid end to end: [count × price bins] and [count × quantity bins], row-major. */
export type ValueFunction = (observations: Float32Array, count: number) => QValues | Promise<QValues>;

export interface ValuePolicyOptions {
  readonly matrix: FeatureMatrix;
  readonly lookback: number;
  readonly bins: ActionBins;
  readonly values: ValueFunction;
}

/** No bar comes after it. */
const NOTHING = -2;

/**
 * The greedy policy of a value function: observations of the active lanes are gathered into one batch, by the same builder as in serving, and
 * each branch takes its largest value (the first of equal ones). Throws `UnsuitableModel` when a value is not a number.
 */
export const valuePolicy = ({ matrix, lookback, bins, values }: ValuePolicyOptions): PolicyFunction => {
  const size = observationSize({ features: matrix.names, lookback });
  let observations = new Float32Array(0);
  /** Bar whose window each row of the batch holds: the next one is read by a single row. */
  let windows = new Int32Array(0);
  return async ({ bar, privateState, active }, price, quantity) => {
    const lanes = active.length;
    if (observations.length < lanes * size) {
      observations = new Float32Array(lanes * size);
      windows = new Int32Array(lanes).fill(NOTHING);
    }
    let count = 0;
    for (let lane = 0; lane < lanes; lane++) {
      if (active[lane] === 0) continue;
      const now = bar[lane]!;
      const write = windows[count] === now - 1 ? slideObservation : writeObservation;
      write(matrix, lookback, now, privateState, lane * PRIVATE_STATE.length, observations, count * size);
      windows[count++] = now;
    }
    const answer = await values(observations.subarray(0, count * size), count);
    for (let lane = 0, row = 0; lane < lanes; lane++) {
      if (active[lane] === 0) continue;
      price[lane] = largest(answer.price, row * bins.price, bins.price);
      quantity[lane] = largest(answer.quantity, row * bins.quantity, bins.quantity);
      row++;
    }
  };
};

/** Offset of the first of the largest among `width` values from `at`. */
const largest = (values: Float32Array, at: number, width: number): number => {
  let best = 0;
  for (let i = 0; i < width; i++) {
    const value = values[at + i]!;
    if (!Number.isFinite(value))
      throw new UnsuitableModel(`Q-value ${value} of row ${at / width}, bin ${i} cannot be compared: expected a finite number`);
    if (value > values[at + best]!) best = i;
  }
  return best;
};
