import type { BarSeries } from '../../../src/domain/market/bars.js';
import type { Instrument } from '../../../src/domain/market/instrument.js';
import { createRandom } from '../../../src/learning/random.js';

export interface RandomBarsOptions {
  readonly seed?: number;
  readonly sessions?: number;
  readonly barsPerSession?: number;
  readonly tickSize?: number;
}

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;

/** A seeded random walk of one-minute bars on the tick grid, with gaps between sessions and between bars. */
export const randomBars = ({ seed = 1, sessions = 4, barsPerSession = 30, tickSize = 0.25 }: RandomBarsOptions = {}): BarSeries => {
  const random = createRandom(seed, 'bars');
  const length = sessions * barsPerSession;
  const column = (): Float64Array => new Float64Array(length);
  const bars = {
    instrument: 'TEST',
    frequencyMs: MINUTE,
    length,
    openTime: column(),
    closeTime: column(),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column(),
    session: new Int32Array(length),
  };
  const ticks = (scale: number): number => Math.round(random.normal() * scale);
  let price = 400;
  for (let i = 0; i < length; i++) {
    const session = Math.floor(i / barsPerSession);
    const open = price + ticks(i % barsPerSession === 0 ? 12 : 1);
    const close = Math.max(50, open + ticks(4));
    const at = Date.UTC(2024, 0, 2, 14, 30) + session * DAY + (i % barsPerSession) * MINUTE;
    bars.openTime[i] = at;
    bars.closeTime[i] = at + MINUTE;
    bars.open[i] = open * tickSize;
    bars.close[i] = close * tickSize;
    bars.high[i] = (Math.max(open, close) + Math.abs(ticks(2))) * tickSize;
    bars.low[i] = (Math.min(open, close) - Math.abs(ticks(2))) * tickSize;
    bars.volume[i] = 100 + random.integer(900);
    bars.session[i] = session;
    price = close;
  }
  return bars;
};

/** An instrument whose every cost is set, so that none can be forgotten unnoticed. */
export const costlyInstrument: Instrument = {
  id: 'TEST',
  tickSize: 0.25,
  multiplier: 2,
  lotSize: 1,
  feeRate: 0.0001,
  feePerUnit: 0.31,
  slippageBps: 0.7,
  impactBps: 3,
  spreadTicks: 1,
  calendar: 'always',
  stamp: 'close',
  simulated: true,
};
