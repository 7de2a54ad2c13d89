import type { Instrument } from '../../domain/market/instrument.js';
import type { RandomStream } from '../../domain/ports.js';
import type { Calendar } from '../calendar.js';
import { createSimulation } from './create-simulation.js';
import type { Simulation } from './create-simulation.js';

/** What is simulated where there is no data of the user's: four years, of which the newest is held out by the preset `first-run`. */
export const DEFAULT_MARKET = {
  /** Id of its file in `configs/instruments`. */
  instrument: 'SIM',
  /** Expected annual Sharpe ratio of the known-optimal policy; far beyond any real market's, so that minutes of learning can find it. */
  edge: 8,
  /** Minutes from decision to decision of that policy. */
  decisionMinutes: 5,
  from: Date.UTC(2021, 0, 1),
  to: Date.UTC(2025, 0, 1),
} as const;

export interface DefaultMarketRequest {
  readonly instrument: Instrument;
  /** The instrument's. */
  readonly calendar: Calendar;
  readonly random: RandomStream;
  /** `DEFAULT_MARKET.edge` unless given; 0 for none. */
  readonly edge?: number;
}

/** Simulates the default market, in one-minute bars. Throws as `createSimulation` does. */
export const simulateDefaultMarket = ({ instrument, calendar, random, edge = DEFAULT_MARKET.edge }: DefaultMarketRequest): Simulation =>
  createSimulation({
    instrument,
    edge,
    sessions: calendar.sessions(DEFAULT_MARKET.from, DEFAULT_MARKET.to),
    random,
    decisionMinutes: DEFAULT_MARKET.decisionMinutes,
  });
