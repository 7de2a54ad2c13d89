import { findBars } from './check.js';
import type { QualityCheck } from './check.js';

/** Bars whose numbers contradict each other; ingestion quarantines them, so here they come from a source that skipped it. */
export const consistency: QualityCheck = {
  name: 'consistency',
  run: ({ bars }) =>
    findBars(
      bars,
      (bar) => {
        const [open, high, low, close] = [bars.open[bar] ?? NaN, bars.high[bar] ?? NaN, bars.low[bar] ?? NaN, bars.close[bar] ?? NaN];
        if (!(low > 0)) return `low ${low} is not positive`;
        return high >= open && high >= close && low <= open && low <= close ? null : `open ${open} high ${high} low ${low} close ${close}`;
      },
      (affected) => `${affected} bars have prices that cannot be: check the columns of the source.`,
    ),
};
