import type { BarRange, BarSeries } from '../../../src/domain/market/bars.js';
import type { Instrument } from '../../../src/domain/market/instrument.js';
import type { FeatureMatrix } from '../../../src/learning/observation.js';
import { createRandom } from '../../../src/learning/random.js';

/** A market in which one feature of a bar tells something about the next bar, and the others nothing. */
export interface PlantedMarket {
  readonly bars: BarSeries;
  readonly instrument: Instrument;
  readonly features: FeatureMatrix;
  /** Sessions to learn from, and after them those to be judged on. */
  readonly training: readonly BarRange[];
  readonly heldOut: readonly BarRange[];
}

export const SESSION_BARS = 390;
/** Bars of a minute in a year of 252 sessions, by whose root Sharpe ratios are annualised. */
export const BARS_PER_YEAR = 252 * SESSION_BARS;
const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
const [TRAINING_SESSIONS, HELD_OUT_SESSIONS, FEATURES] = [200, 50, 14];
/** Deviation of a bar's return, its correlation with the feature of the bar before, and how much of the feature stays from bar to bar. */
const [VOLATILITY, CORRELATION, PERSISTENCE] = [0.001, 0.2, 0.97];
/** Commission as a fraction of what changes hands, the market's only cost. */
export const FEE = 0.0002;

/** A seeded planted market. Each bar opens where the last one closed, so that what is decided at a close is filled at that price. */
export const plantedMarket = (seed: number): PlantedMarket => {
  const random = createRandom(seed, 'planted market');
  const sessions = TRAINING_SESSIONS + HELD_OUT_SESSIONS;
  const length = sessions * SESSION_BARS;
  const values = Float32Array.from({ length: length * FEATURES }, () => random.normal());
  for (let at = FEATURES; at < values.length; at += FEATURES)
    values[at] = PERSISTENCE * values[at - FEATURES]! + Math.sqrt(1 - PERSISTENCE ** 2) * values[at]!;
  const close = new Float64Array(length).fill(100);
  for (let bar = 1; bar < length; bar++) {
    const told = CORRELATION * values[(bar - 1) * FEATURES]!;
    close[bar] = close[bar - 1]! * (1 + VOLATILITY * (told + Math.sqrt(1 - CORRELATION ** 2) * random.normal()));
  }
  const open = Float64Array.from({ length }, (_, bar) => close[Math.max(0, bar - 1)]!);
  const session = Int32Array.from({ length }, (_, bar) => Math.floor(bar / SESSION_BARS));
  const openTime = Float64Array.from(session, (day, bar) => Date.UTC(2024, 0, 1) + day * DAY + (bar % SESSION_BARS) * MINUTE);
  const ranges = Array.from({ length: sessions }, (_, i) => ({ from: i * SESSION_BARS, to: (i + 1) * SESSION_BARS }));
  return {
    bars: {
      instrument: instrument.id,
      frequencyMs: MINUTE,
      length,
      openTime,
      closeTime: openTime.map((time) => time + MINUTE),
      open,
      high: open.map((price, bar) => Math.max(price, close[bar]!)),
      low: open.map((price, bar) => Math.min(price, close[bar]!)),
      close,
      volume: new Float64Array(length).fill(1e6),
      session,
    },
    instrument,
    features: { names: Array.from({ length: FEATURES }, (_, i) => `feature${i}`), rows: length, values, firstValid: 0 },
    training: ranges.slice(0, TRAINING_SESSIONS),
    heldOut: ranges.slice(TRAINING_SESSIONS),
  };
};

const instrument: Instrument = {
  id: 'PLANTED',
  tickSize: 1e-6,
  multiplier: 1,
  lotSize: 1e-6,
  feeRate: FEE,
  feePerUnit: 0,
  slippageBps: 0,
  spreadTicks: 0,
  calendar: 'always',
  stamp: 'close',
  simulated: true,
};
