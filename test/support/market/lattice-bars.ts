import type { BarSeries } from '../../../src/domain/market/bars.js';
import type { Instrument } from '../../../src/domain/market/instrument.js';
import { createRandom } from '../../../src/learning/random.js';
import { barsOf } from './bars.js';
import { costlyInstrument } from './random-bars.js';

export interface LatticeBarsOptions {
  readonly seed: number;
  readonly sessions: number;
  readonly barsPerSession: number;
  /** Added to the even chance of each step up in a bar; 0, a fair walk, unless given. */
  readonly tilt?: (bar: number) => number;
}

const START = 4_000;
const STEPS = 20;

/** The instrument that lattice bars are of. */
export const latticeInstrument: Instrument = {
  ...costlyInstrument,
  multiplier: 1,
  feeRate: 2e-5,
  feePerUnit: 0,
  slippageBps: 0.1,
  impactBps: 0,
};

/**
 * A walk of single ticks, twenty to a bar, each bar opening where the one before closed and each session at the same price. What is bought at a tick
 * of a fair walk is worth, on average, what was paid: so any gain beyond costs is knowledge of the future.
 */
export const latticeBars = ({ seed, sessions, barsPerSession, tilt = () => 0 }: LatticeBarsOptions): BarSeries => {
  const random = createRandom(seed, 'lattice');
  const { tickSize } = latticeInstrument;
  let price = START;
  const rows = Array.from({ length: sessions * barsPerSession }, (_, bar) => {
    if (bar % barsPerSession === 0) price = START;
    const open = price;
    let [low, high] = [open, open];
    for (let step = 0; step < STEPS; step++) {
      price += random.uniform() < 0.5 + tilt(bar) ? 1 : -1;
      [low, high] = [Math.min(low, price), Math.max(high, price)];
    }
    return { open: open * tickSize, high: high * tickSize, low: low * tickSize, close: price * tickSize, volume: 1_000 };
  });
  return barsOf(rows, barsPerSession);
};
