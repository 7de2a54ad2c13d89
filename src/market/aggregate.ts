import type { BarSeries } from '../domain/market/bars.js';
import { barsFromColumns } from './bar-store.js';
import type { Session } from './calendar.js';

/**
 * Joins bars into longer ones of `frequencyMs`, counted from each session's open and never across sessions; a session's last may be
 * shorter. A bar that the data ends in the middle of is left out. `sessions` are those that `bars.session` indexes.
 * Throws `RangeError` unless the new length is a multiple of the old one.
 */
export const aggregateBars = (bars: BarSeries, sessions: readonly Session[], frequencyMs: number): BarSeries => {
  if (frequencyMs === bars.frequencyMs) return bars;
  if (frequencyMs % bars.frequencyMs !== 0) {
    throw new RangeError(
      `bars of ${bars.frequencyMs / 1_000} s cannot be joined into bars of ${frequencyMs / 1_000} s: expected a multiple`,
    );
  }
  const starts = groupStarts(bars, sessions, frequencyMs);
  const columns = Array.from({ length: 8 }, () => new Float64Array(starts.length));
  const [openTime, closeTime, open, high, low, close, volume, session] = columns;
  if (!openTime || !closeTime || !open || !high || !low || !close || !volume || !session) throw new RangeError('expected 8 columns');
  let groups = 0;
  for (let g = 0; g < starts.length; g++) {
    const from = starts[g] ?? 0;
    const to = starts[g + 1] ?? bars.length;
    const ordinal = bars.session[from] ?? 0;
    const { start, end } = bounds(sessionAt(sessions, ordinal), bars.openTime[from] ?? NaN, frequencyMs);
    const lastClose = bars.closeTime[to - 1] ?? NaN;
    if (to === bars.length && lastClose < end) break;
    openTime[g] = start;
    closeTime[g] = Math.max(end, lastClose);
    open[g] = bars.open[from] ?? NaN;
    high[g] = bars.high.subarray(from, to).reduce((a, b) => Math.max(a, b), -Infinity);
    low[g] = bars.low.subarray(from, to).reduce((a, b) => Math.min(a, b), Infinity);
    close[g] = bars.close[to - 1] ?? NaN;
    volume[g] = bars.volume.subarray(from, to).reduce((a, b) => a + b, 0);
    session[g] = ordinal;
    groups++;
  }
  return barsFromColumns(
    bars.instrument,
    frequencyMs,
    columns.map((column) => column.slice(0, groups)),
  );
};

/** The first bar of each group. */
const groupStarts = (bars: BarSeries, sessions: readonly Session[], frequencyMs: number): number[] => {
  const starts: number[] = [];
  let previous = NaN;
  for (let bar = 0; bar < bars.length; bar++) {
    const { start } = bounds(sessionAt(sessions, bars.session[bar] ?? -1), bars.openTime[bar] ?? NaN, frequencyMs);
    if (start !== previous) starts.push(bar);
    previous = start;
  }
  return starts;
};

/** The group that holds a bar: from a whole multiple after the session's open until a length later or the session's close. */
const bounds = (session: Session, openTime: number, frequencyMs: number): { start: number; end: number } => {
  const start = session.open + Math.max(0, Math.floor((openTime - session.open) / frequencyMs)) * frequencyMs;
  return { start, end: start < session.close ? Math.min(start + frequencyMs, session.close) : start + frequencyMs };
};

const sessionAt = (sessions: readonly Session[], ordinal: number): Session => {
  const session = sessions[ordinal];
  if (session === undefined) throw new RangeError(`session ${ordinal} is not among the ${sessions.length} given`);
  return session;
};
