import type { BarSeries } from '../../../src/domain/bars.js';

/** Minute bars of a seeded random walk in steps of a quarter, 1,440 to a session, from 2024-01-01. */
export const randomSeries = (length: number, seed = 1): BarSeries => {
  let state = seed;
  const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const column = (): Float64Array => new Float64Array(length);
  const [openTime, closeTime, open, high, low, close, volume] = [column(), column(), column(), column(), column(), column(), column()];
  let price = 4_000;
  for (let i = 0; i < length; i++) {
    openTime[i] = Date.UTC(2024, 0, 1) + i * 60_000;
    closeTime[i] = openTime[i]! + 60_000;
    open[i] = price;
    price += Math.round((random() - 0.5) * 20) / 4;
    close[i] = price;
    high[i] = Math.max(open[i]!, price) + Math.floor(random() * 4) / 4;
    low[i] = Math.min(open[i]!, price) - Math.floor(random() * 4) / 4;
    volume[i] = Math.floor(random() * 1_000);
  }
  const session = Int32Array.from({ length }, (_, i) => Math.floor(i / 1_440));
  return { instrument: 'TEST', frequencyMs: 60_000, length, openTime, closeTime, open, high, low, close, volume, session };
};
