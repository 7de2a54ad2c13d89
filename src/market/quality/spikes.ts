import { findBars } from './check.js';
import type { QualityCheck } from './check.js';

/** How many typical one-bar moves a price must stand out from both neighbours to be a bad print. */
const SPIKE = 40;

/**
 * Bars whose high or low stands out from both neighbouring bars by more than 40 robust standard deviations of one-bar log returns
 * (1.4826 × their median absolute deviation), within a session. A market that moves and stays moved does not stand out.
 */
export const spikes: QualityCheck = {
  name: 'spikes',
  run({ bars }) {
    const limit = SPIKE * robustDeviation(bars.close);
    const before = (bar: number): boolean => bar > 0 && bars.session[bar - 1] === bars.session[bar];
    const after = (bar: number): boolean => bar + 1 < bars.length && bars.session[bar + 1] === bars.session[bar];
    return findBars(
      bars,
      (bar) => {
        if (limit === 0 || !before(bar) || !after(bar)) return null;
        const above = Math.log((bars.high[bar] ?? NaN) / Math.max(bars.high[bar - 1] ?? NaN, bars.high[bar + 1] ?? NaN));
        const below = Math.log(Math.min(bars.low[bar - 1] ?? NaN, bars.low[bar + 1] ?? NaN) / (bars.low[bar] ?? NaN));
        if (above > limit) return `high ${bars.high[bar] ?? NaN} stands out by ${(100 * above).toFixed(2)} %`;
        return below > limit ? `low ${bars.low[bar] ?? NaN} stands out by ${(100 * below).toFixed(2)} %` : null;
      },
      (affected) => `${affected} bars have a price far from both neighbours: check for bad prints.`,
    );
  },
};

const robustDeviation = (close: Float64Array): number => {
  const moves = new Float64Array(Math.max(0, close.length - 1));
  for (let i = 0; i < moves.length; i++) moves[i] = Math.log((close[i + 1] ?? NaN) / (close[i] ?? NaN));
  const centre = medianOf(moves);
  return 1.4826 * medianOf(moves.map((move) => Math.abs(move - centre)));
};

const medianOf = (values: Float64Array): number => values.slice().sort()[values.length >> 1] ?? 0;
