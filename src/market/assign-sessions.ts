import type { Calendar, Session } from './calendar.js';

export interface SessionAssignment {
  /** Per bar the index into `sessions`, or -1 for a bar outside every session. */
  readonly session: Int32Array;
  /** The sessions that hold at least one bar, in order. */
  readonly sessions: readonly Session[];
}

/** Finds each bar's session by its close: it belongs to the session with open < close time <= close. `closeTime` ascends, epoch ms. */
export const assignSessions = (calendar: Calendar, closeTime: Float64Array): SessionAssignment => {
  const session = new Int32Array(closeTime.length).fill(-1);
  const first = closeTime.at(0);
  const last = closeTime.at(-1);
  if (first === undefined || last === undefined) return { session, sessions: [] };
  const candidates = calendar.sessions(first - 1, last);
  const sessions: Session[] = [];
  let next = 0;
  for (let bar = 0; bar < closeTime.length; bar++) {
    const close = closeTime[bar] ?? NaN;
    while (next < candidates.length && (candidates[next]?.close ?? Infinity) < close) next++;
    const candidate = candidates[next];
    if (candidate === undefined || close <= candidate.open) continue;
    if (sessions.at(-1) !== candidate) sessions.push(candidate);
    session[bar] = sessions.length - 1;
  }
  return { session, sessions };
};
