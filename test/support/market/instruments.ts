import type { Instrument } from '../../../src/domain/market/instrument.js';

/** An instrument for tests; what a test does not name is that of a future with ticks of a quarter. */
export const testInstrument = (overrides: Partial<Instrument> = {}): Instrument => ({
  id: 'TEST',
  tickSize: 0.25,
  multiplier: 1,
  lotSize: 1,
  feeRate: 0,
  feePerUnit: 0,
  slippageBps: 0,
  spreadTicks: 1,
  calendar: 'always',
  stamp: 'close',
  simulated: false,
  ...overrides,
});
