import { findBars } from './check.js';
import type { QualityCheck } from './check.js';

/** Bars with a price off the instrument's grid of ticks; orders are placed on that grid. */
export const offTick: QualityCheck = {
  name: 'off-tick',
  run: ({ bars, tickSize }) =>
    findBars(
      bars,
      (bar) => {
        const prices = [bars.open[bar] ?? NaN, bars.high[bar] ?? NaN, bars.low[bar] ?? NaN, bars.close[bar] ?? NaN];
        const off = prices.find((price) => Math.abs(price / tickSize - Math.round(price / tickSize)) > 1e-4);
        return off === undefined ? null : `${off} is no multiple of ${tickSize}`;
      },
      (affected) =>
        `${affected} bars have a price that is no multiple of the tick size ${tickSize}: check tick_size of the instrument, or whether the source adjusts prices.`,
    ),
};
