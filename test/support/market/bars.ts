import type { BarSeries } from '../../../src/domain/market/bars.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Uniform numbers in [0, 1) from a seed (mulberry32), for tests that need no more than variety. */
export const seededUniform = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

/** A random walk of one-minute bars in sessions of `barsPerSession`, one a day, with consistent prices and some bars without volume. */
export const randomBars = (length: number, seed = 1, barsPerSession = 60): BarSeries => {
  const uniform = seededUniform(seed);
  let price = 100;
  return bars(length, barsPerSession, () => {
    const open = price * Math.exp((uniform() - 0.5) * 0.001);
    const close = open * Math.exp((uniform() - 0.5) * 0.01);
    const high = Math.max(open, close) * Math.exp(uniform() * 0.003);
    const low = Math.min(open, close) * Math.exp(-uniform() * 0.003);
    price = close;
    return { open, high, low, close, volume: uniform() < 0.02 ? 0 : Math.floor(uniform() * 1000) };
  });
};

/** A market that stands still: one price, one volume. */
export const flatBars = (length: number, volume = 100, barsPerSession = 60): BarSeries =>
  bars(length, barsPerSession, () => ({ open: 100, high: 100, low: 100, close: 100, volume }));

interface Bar {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

const bars = (length: number, barsPerSession: number, next: () => Bar): BarSeries => barsOf(Array.from({ length }, next), barsPerSession);

/** One-minute bars written out by hand, `barsPerSession` of them a day. */
export const barsOf = (rows: readonly Bar[], barsPerSession = rows.length): BarSeries => {
  const { length } = rows;
  const session = Int32Array.from({ length }, (_, i) => Math.floor(i / barsPerSession));
  const closeTime = Float64Array.from(session, (day, i) => day * DAY_MS + ((i % barsPerSession) + 1) * MINUTE_MS);
  const column = (name: keyof Bar): Float64Array => Float64Array.from(rows, (row) => row[name]);
  return {
    instrument: 'TEST',
    frequencyMs: MINUTE_MS,
    length,
    openTime: closeTime.map((time) => time - MINUTE_MS),
    closeTime,
    open: column('open'),
    high: column('high'),
    low: column('low'),
    close: column('close'),
    volume: column('volume'),
    session,
  };
};

/** The first `length` bars of a series. */
export const firstBars = (series: BarSeries, length: number): BarSeries => ({
  ...series,
  length,
  openTime: series.openTime.slice(0, length),
  closeTime: series.closeTime.slice(0, length),
  open: series.open.slice(0, length),
  high: series.high.slice(0, length),
  low: series.low.slice(0, length),
  close: series.close.slice(0, length),
  volume: series.volume.slice(0, length),
  session: series.session.slice(0, length),
});
