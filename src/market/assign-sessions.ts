import type { BarSeries } from '../domain/market/bars.js';
import type { Calendar, Session } from './calendar.js';

export interface SessionAssignment {
  /** Per bar the index into `sessions`, or -1 for a bar outside every session. */
  readonly session: Int32Array;
  /** The sessions that hold at least one bar, in order. */
  readonly sessions: readonly Session[];
}

/**
 * Finds each bar's session: the one that it closes after the open of, and opens before the close of. A bar that opens at the very
 * close, where no other session begins, still belongs to the session: NinjaTrader puts the closing print into such a minute.
 * Bars ascend by time, in epoch ms.
 */
export const assignSessions = (calendar: Calendar, bars: Pick<BarSeries, 'openTime' | 'closeTime'>): SessionAssignment => {
  const session = new Int32Array(bars.closeTime.length).fill(-1);
  const first = bars.openTime.at(0);
  const last = bars.closeTime.at(-1);
  if (first === undefined || last === undefined) return { session, sessions: [] };
  const candidates = calendar.sessions(first - 1, last);
  const sessions: Session[] = [];
  let next = 0;
  for (let bar = 0; bar < session.length; bar++) {
    const open = bars.openTime[bar] ?? NaN;
    while (isOver(candidates[next], candidates[next + 1], open)) next++;
    const candidate = candidates[next];
    if (candidate === undefined || (bars.closeTime[bar] ?? NaN) <= candidate.open) continue;
    if (sessions.at(-1) !== candidate) sessions.push(candidate);
    session[bar] = sessions.length - 1;
  }
  return { session, sessions };
};

const isOver = (session: Session | undefined, following: Session | undefined, open: number): boolean =>
  session !== undefined && (session.close < open || (session.close === open && following?.open === open));
