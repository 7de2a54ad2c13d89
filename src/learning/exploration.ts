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

/**
 * The scheduled probability times what the moment asks for, within the schedule's bounds: `volatility` is the market's, in units of its mean
 * (up to twice as much exploration where it is high, down to half where it is low: rare states are those that are known least), `progress` the
 * change of episode returns in units of their deviation (half as much while they rise, twice as much while they fall). 0 volatility is unknown.
 */
export const adaptedEpsilon = (schedule: EpsilonSchedule, step: number, volatility: number, progress: number): number => {
  const { start, end } = schedule;
  const unusual = volatility > 0 ? Math.min(2, Math.max(0.5, volatility)) : 1;
  const stuck = 2 ** -Math.min(1, Math.max(-1, progress));
  const epsilon = epsilonAt(schedule, step) * unusual * stuck;
  return Math.min(Math.max(start, end), Math.max(Math.min(start, end), epsilon));
};

/** Chooses one branch's bin for each row of `values` (rows × bins): a random one with the row's probability, else the first of the greatest. */
export const chooseBins = (
  values: Float32Array,
  bins: number,
  epsilon: (row: number) => number,
  random: RandomStream,
  chosen: Int32Array,
): void => {
  if (values.length !== chosen.length * bins)
    throw new RangeError(`got ${values.length} action values for ${chosen.length} rows: expected ${bins} a row`);
  for (let row = 0; row < chosen.length; row++)
    chosen[row] = random.uniform() < epsilon(row) ? random.integer(bins) : greatest(values, row * bins, bins);
};

const greatest = (values: Float32Array, from: number, count: number): number => {
  let best = 0;
  for (let i = 1; i < count; i++) if (values[from + i]! > values[from + best]!) best = i;
  return best;
};
