import type { BarSeries } from '../../domain/market/bars.js';
import type { ComputeFeatures, RawFeatures } from '../../domain/market/features.js';
import { LookAhead } from './look-ahead.js';
import { sliceBars } from './slice-bars.js';
import { telltaleCuts } from './telltale-cuts.js';

/** Bars before and after a cut that features are computed on, twice: with and without those after it. */
const BEFORE = 512;
const AFTER = 128;
/** Shares of the series at which it is cut off as a whole. */
const WHOLE_CUTS = [0.5, 0.9];

/**
 * Asserts that no row of `raw`, the features of all bars, knows a later bar: computed on bars that end there, each row has the same bits. The
 * series is cut where a peek would show (after bars without trades, before and after missing ones) and at places spread over it. Throws
 * `LookAhead` naming the feature and the bar.
 */
export const assertCausal = (raw: RawFeatures, bars: BarSeries, computeFeatures: ComputeFeatures): void => {
  for (const share of WHOLE_CUTS) {
    const cut = Math.floor(share * bars.length);
    assertSameRows(raw, computeFeatures(sliceBars(bars, 0, cut), raw.names), bars, 0);
  }
  for (const cut of telltaleCuts(bars)) {
    const from = Math.max(0, cut - BEFORE);
    const knowing = computeFeatures(sliceBars(bars, from, Math.min(bars.length, cut + AFTER)), raw.names);
    assertSameRows(knowing, computeFeatures(sliceBars(bars, from, cut), raw.names), bars, from);
  }
};

/** Compares the rows that both have, bit by bit; row 0 is bar `from`. */
const assertSameRows = (knowing: RawFeatures, ending: RawFeatures, bars: BarSeries, from: number): void => {
  const width = knowing.names.length;
  const at = ending.values.findIndex((value, i) => !Object.is(value, knowing.values[i]!));
  if (at === -1) return;
  const [row, column] = [Math.floor(at / width), at % width];
  const when = new Date(bars.closeTime[from + row]!).toISOString();
  throw new LookAhead(
    `feature ${knowing.names[column]!} looks ahead: for the bar that closes at ${when} it is ${knowing.values[at]!} where later bars are there and ${ending.values[at]!} where they are not; compute it from that bar and earlier ones only`,
  );
};
