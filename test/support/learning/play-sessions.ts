import type { BarRange } from '../../../src/domain/market/bars.js';
import { createEnvironment, type EnvironmentOptions } from '../../../src/learning/environment/create-environment.js';
import type { Lanes } from '../../../src/learning/environment/lanes.js';

/** What a policy earned, by session, in currency. */
export interface PlayedSessions {
  readonly net: Float64Array;
  readonly costs: Float64Array;
  /**
   * Net, costs, and a tick for each unit of a resting order: it fills at its limit when the price is a tick beyond, and is worth that much less at once.
   * On a fair walk nothing is left of the three together but chance, whatever the policy, unless it knows the future.
   */
  readonly beyondCosts: Float64Array;
}

/** Plays all sessions side by side, a lane each; the policy writes the bins of every lane. */
export const playSessions = (
  options: Pick<EnvironmentOptions, 'bars' | 'instrument' | 'config' | 'costMultiplier'> & Partial<Pick<EnvironmentOptions, 'horizon'>>,
  sessions: readonly BarRange[],
  policy: (now: Lanes, price: Int32Array, quantity: Int32Array) => void,
): PlayedSessions => {
  const lanes = sessions.length;
  const { instrument, config, costMultiplier = 1 } = options;
  const environment = createEnvironment({ horizon: 1, ...options, sessions, lanes });
  const [price, quantity] = [new Int32Array(lanes), new Int32Array(lanes)];
  const column = (): Float64Array => new Float64Array(lanes);
  const played = { net: column(), costs: column(), beyondCosts: column() };
  const tick = instrument.tickSize * instrument.multiplier;
  const halfSpread = (instrument.spreadTicks / 2) * tick * costMultiplier;
  for (let lane = 0; lane < lanes; lane++) environment.reset(lane, lane);
  while (environment.now.active.some((active) => active === 1)) {
    policy(environment.now, price, quantity);
    const { reward, fee, spread, slippage, impact, filledUnits, closedUnits } = environment.step(price, quantity);
    for (let lane = 0; lane < lanes; lane++) {
      const net = reward[lane]! * config.cash;
      const costs = fee[lane]! + spread[lane]! + slippage[lane]! + impact[lane]!;
      const taken = spread[lane]! / halfSpread - Math.abs(closedUnits[lane]!);
      const rested = Math.abs(filledUnits[lane]!) - taken;
      played.net[lane]! += net;
      played.costs[lane]! += costs;
      played.beyondCosts[lane]! += net + costs + tick * rested;
    }
  }
  return played;
};

export const meanOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Standard error of the mean. */
export const standardError = (values: Float64Array): number => {
  const mean = meanOf(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1) / values.length);
};

/** How many standard errors the mean is from nothing. */
export const significance = (values: Float64Array): number => meanOf(values) / standardError(values);
