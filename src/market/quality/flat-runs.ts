import type { BarSeries } from '../../domain/market/bars.js';
import { EXAMPLES, timeOf } from './check.js';
import type { QualityCheck } from './check.js';

/** Bars in a row with one and the same price, from which on a feed counts as stuck. */
const STUCK = 60;

/** Bars in runs of at least 60 whose four prices are all the same: a feed that repeats its last price. */
export const flatRuns: QualityCheck = {
  name: 'flat-runs',
  run({ bars }) {
    const examples: string[] = [];
    let affected = 0;
    for (let from = 0; from < bars.length;) {
      const repeats = repetitions(bars, from);
      if (repeats >= STUCK) {
        affected += repeats;
        if (examples.length < EXAMPLES) examples.push(`${timeOf(bars, from)}: ${repeats} bars at ${bars.close[from] ?? NaN}`);
      }
      from += Math.max(1, repeats);
    }
    const message = affected === 0 ? '' : `${affected} bars repeat one price for ${STUCK} bars or more: check whether the feed was stuck.`;
    return { affected, of: bars.length, message, examples };
  },
};

/** How many bars from this one on have only its close as their price. */
const repetitions = (bars: BarSeries, from: number): number => {
  const price = bars.close[from];
  let bar = from;
  while (bar < bars.length && bars.high[bar] === price && bars.low[bar] === price) bar++;
  return bar - from;
};
