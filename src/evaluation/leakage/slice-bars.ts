import type { BarSeries } from '../../domain/market/bars.js';

/** Bars [from, to) of a series; the columns are views, not copies. */
export const sliceBars = (bars: BarSeries, from: number, to: number): BarSeries => ({
  ...bars,
  length: to - from,
  openTime: bars.openTime.subarray(from, to),
  closeTime: bars.closeTime.subarray(from, to),
  open: bars.open.subarray(from, to),
  high: bars.high.subarray(from, to),
  low: bars.low.subarray(from, to),
  close: bars.close.subarray(from, to),
  volume: bars.volume.subarray(from, to),
  session: bars.session.subarray(from, to),
});
