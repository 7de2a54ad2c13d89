import type { RandomStream } from '../domain/ports.js';

export interface EpsilonSchedule {
  readonly start: number;
  readonly end: number;
  /** Environment steps from `start` to `end`, in a straight line. */
  readonly decaySteps: number;
}

/** Probability of a random bin, per branch, at an environment step. */
export const epsilonAt = ({ start, end, decaySteps }: EpsilonSchedule, step: number): number =>
  step >= decaySteps ? end : start + ((end - start) * step) / decaySteps;

/** Chooses one branch's bin for each row of `values` (rows × bins): a random one with probability `epsilon`, else the first of the greatest. */
export const chooseBins = (values: Float32Array, bins: number, epsilon: number, random: RandomStream, chosen: Int32Array): void => {
  if (values.length !== chosen.length * bins)
    throw new RangeError(`got ${values.length} action values for ${chosen.length} rows: expected ${bins} a row`);
  for (let row = 0; row < chosen.length; row++)
    chosen[row] = random.uniform() < epsilon ? random.integer(bins) : greatest(values, row * bins, bins);
};

const greatest = (values: Float32Array, from: number, count: number): number => {
  let best = 0;
  for (let i = 1; i < count; i++) if (values[from + i]! > values[from + best]!) best = i;
  return best;
};
