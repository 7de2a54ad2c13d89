import type { BarSeries } from '../../domain/market/bars.js';
import { barsFromColumns } from '../bar-store.js';
import type { Session } from '../calendar.js';

/**
 * Joins what was printed at or after a session's close into its last bar, so that a session ends at its close in training as it does live. Nobody
 * decides on a session's last bar, so none sees such a print too early. `sessions` are those that `bars.session` indexes; a session of nothing but
 * such prints has none left.
 */
export const joinClosingPrints = (bars: BarSeries, sessions: readonly Pick<Session, 'close'>[]): BarSeries => {
  const isPrint = (bar: number): boolean => (bars.openTime[bar] ?? NaN) >= (sessions[bars.session[bar] ?? -1]?.close ?? Infinity);
  const prints = Array.from({ length: bars.length }, (_, bar) => isPrint(bar));
  if (!prints.includes(true)) return bars;
  const [high, low, close, volume] = [bars.high.slice(), bars.low.slice(), bars.close.slice(), bars.volume.slice()];
  let last = -1;
  for (let bar = 0; bar < bars.length; bar++) {
    if (prints[bar] === false) last = bar;
    else if (bars.session[last] === bars.session[bar]) {
      high[last] = Math.max(high[last] ?? NaN, bars.high[bar] ?? NaN);
      low[last] = Math.min(low[last] ?? NaN, bars.low[bar] ?? NaN);
      close[last] = bars.close[bar] ?? NaN;
      volume[last] = (volume[last] ?? NaN) + (bars.volume[bar] ?? NaN);
    }
  }
  const kept = (column: Float64Array): Float64Array => column.filter((_, bar) => prints[bar] === false);
  const columns = [bars.openTime, bars.closeTime, bars.open, high, low, close, volume, Float64Array.from(bars.session)];
  return barsFromColumns(bars.instrument, bars.frequencyMs, columns.map(kept));
};
