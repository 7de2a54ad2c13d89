import type { Instrument } from '../../domain/market/instrument.js';
import type { RandomStream } from '../../domain/ports.js';
import { calibrateDrift } from './calibrate-drift.js';
import { costRate } from './cost-rate.js';
import type { OptimalTask } from './optimal-policy.js';
import { SIMULATED_MARKET } from './market-model.js';
import type { MarketModel } from './market-model.js';
import { simulateMarket } from './simulate-market.js';
import type { SessionTimes, SimulatedMarket } from './simulate-market.js';

export interface SimulationRequest {
  readonly instrument: Instrument;
  /** Expected annual Sharpe ratio, net of the instrument's costs, of the known-optimal policy, which sees the hidden flow; 0 for no edge. */
  readonly edge: number;
  /** Sessions to simulate, in order of time, such as a calendar's. */
  readonly sessions: readonly SessionTimes[];
  readonly random: RandomStream;
  readonly model?: MarketModel;
  /** Minutes from decision to decision of the policy that the edge is defined by; 1 unless given. */
  readonly decisionMinutes?: number;
}

/** A simulated market and the task that its edge is defined by. */
export interface Simulation extends SimulatedMarket {
  readonly task: OptimalTask;
}

/** Simulates a market with an edge of known size. Throws `UnreachableEdge`, and `RangeError` on an instrument whose costs are not in proportion to size. */
export const createSimulation = (request: SimulationRequest): Simulation => {
  const { instrument, edge, sessions, random, model = SIMULATED_MARKET, decisionMinutes = 1 } = request;
  const known = { model, costRate: costRate(instrument, model.startPrice), decisionMinutes };
  const drift = calibrateDrift(known, edge);
  const market = simulateMarket({ instrument: instrument.id, tickSize: instrument.tickSize, model, drift, sessions, random });
  return { ...market, task: { ...known, drift } };
};
