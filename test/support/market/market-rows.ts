import type { BarSeries } from '../../../src/domain/market/bars.js';
import type { BarRow } from '../../../src/serving/decision.js';
import { randomBars } from './random-bars.js';

/** Whole one-minute sessions of US equities from 2024-01-02 on, as an executor sends them. */
export const marketRows = (sessions: number, seed = 5): BarRow[] => rowsOf(usEquityBars(sessions, seed));

export const usEquityBars = (sessions: number, seed = 5): BarSeries => randomBars({ seed, sessions, barsPerSession: 390 });

export const rowsOf = ({ length, closeTime, open, high, low, close, volume }: BarSeries): BarRow[] =>
  Array.from({ length }, (_, i) => ({
    closeTime: closeTime[i]!,
    open: open[i]!,
    high: high[i]!,
    low: low[i]!,
    close: close[i]!,
    volume: volume[i]!,
  }));
