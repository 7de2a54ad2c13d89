import type { ComputeFeatures } from '../domain/market/features.js';
import type { BarSeries } from '../domain/market/bars.js';
import type { ModelBundle } from '../domain/model/model.js';
import { observationSize, PRIVATE_STATE, type ObservationSchema } from '../domain/agent/observation.js';
import { cashShareInput, horizonInput, timeLeftInput } from '../domain/agent/private-state.js';
import { featureMatrix, writeObservation } from '../learning/observation.js';
import type { HistoryNeeds } from './history-needs.js';
import type { LivePolicy } from './loaded-model.js';
import { type DecisionRequest, type RecentMarket, UnanswerableRequest } from './decision.js';

/**
 * The state vector of a decision at the close of the newest bar, as the environment would build it. Throws `UnanswerableRequest` when there is
 * too little history for that.
 */
export const stateOfBars = (
  { bundle: { observation, environment, horizon }, needs }: Pick<LivePolicy, 'bundle' | 'needs'>,
  { bars, sessionOpen, sessionClose }: RecentMarket,
  { position = 0, sessionReturn = 0 }: DecisionRequest,
  computeFeatures: ComputeFeatures,
): Float32Array => {
  assertHistory(observation, needs, bars, environment.frequency);
  const raw = computeFeatures(bars, observation.features);
  const { cash, maxPosition } = environment;
  const notional = position * maxPosition * cash;
  const now = bars.closeTime[bars.length - 1] ?? NaN;
  const privateState = Float32Array.of(
    position,
    cashShareInput(notional, cash * (1 + sessionReturn), cash),
    timeLeftInput(now, sessionOpen, sessionClose),
    horizonInput(horizon),
  );
  const state = new Float32Array(observationSize(observation));
  writeObservation(featureMatrix(raw, observation.normaliser), observation.lookback, bars.length - 1, privateState, 0, state, 0);
  return state;
};

const assertHistory = (
  { lookback }: ObservationSchema,
  { memory, wholeSessions }: HistoryNeeds,
  bars: BarSeries,
  frequency: string,
): void => {
  const needed = memory + lookback;
  if (bars.length < needed)
    throw new UnanswerableRequest(
      `needs ${needed} bars of ${frequency} within sessions (${memory} for the features to settle, ${lookback} to look back on), has ${bars.length}: send more history`,
    );
  const oldest = bars.length - lookback;
  if (wholeSessions && bars.session[oldest] === bars.session[0])
    throw new UnanswerableRequest(
      `needs the whole session of each of the ${lookback} bars looked back on and the bar before, and the first bar sent, ${isoTime(bars.closeTime[0])}, is of the same session as the oldest of these, ${isoTime(bars.closeTime[oldest])}: send more history`,
    );
};

const isoTime = (stamp: number | undefined): string => new Date(stamp ?? NaN).toISOString();

/** A state vector that the executor built itself. Throws `UnanswerableRequest` when it has another length or a number that is not finite. */
export const stateOfVector = ({ observation }: ModelBundle, vector: readonly number[]): Float32Array => {
  const size = observationSize(observation);
  if (vector.length !== size)
    throw new UnanswerableRequest(
      `observation has ${vector.length} numbers: expected ${size}, which are ${observation.lookback} rows of ${observation.features.join(', ')}, oldest first, and ${PRIVATE_STATE.join(', ')}`,
    );
  const bad = vector.findIndex((value) => !Number.isFinite(value));
  if (bad !== -1) throw new UnanswerableRequest(`observation[${bad}] is ${String(vector[bad])}: expected a finite number`);
  return Float32Array.from(vector);
};
