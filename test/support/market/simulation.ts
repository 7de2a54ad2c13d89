import { readCalendars, readInstruments } from '../../../src/config/read-files.js';
import type { Instrument } from '../../../src/domain/market/instrument.js';
import { createRandom } from '../../../src/learning/random.js';
import { createCalendar } from '../../../src/market/calendar.js';
import type { Calendar, Session } from '../../../src/market/calendar.js';
import { createSimulation } from '../../../src/market/simulation/create-simulation.js';
import type { Simulation } from '../../../src/market/simulation/create-simulation.js';

/** The instrument that the simulated market trades as. */
export const simulatedInstrument = async (): Promise<Instrument> => {
  const instrument = (await readInstruments()).get('SIM');
  if (instrument === undefined) throw new Error('configs/instruments has no SIM');
  return instrument;
};

/** The calendar that it trades by. */
export const simulatedCalendar = async (): Promise<Calendar> => {
  const { calendar } = await simulatedInstrument();
  const config = (await readCalendars()).get(calendar);
  if (config === undefined) throw new Error(`configs/calendars has no ${calendar}`);
  return createCalendar(config);
};

/** The first `count` sessions of its calendar from 2022 on. */
export const simulatedSessions = async (count: number): Promise<readonly Session[]> =>
  (await simulatedCalendar()).sessions(Date.UTC(2022, 0, 3), Date.UTC(2027, 11, 31)).slice(0, count);

export interface TestSimulation {
  readonly edge: number;
  readonly sessions: number;
  readonly seed?: number;
  readonly decisionMinutes?: number;
}

/** A simulated market of the shipped model and instrument. */
export const testSimulation = async ({ edge, sessions, seed = 1, decisionMinutes = 1 }: TestSimulation): Promise<Simulation> =>
  createSimulation({
    instrument: await simulatedInstrument(),
    edge,
    sessions: await simulatedSessions(sessions),
    random: createRandom(seed, 'market'),
    decisionMinutes,
  });
