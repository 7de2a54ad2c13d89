import type { BarRange, BarSeries } from '../market/bars.js';
import type { RefusedSessions } from '../gate/types.js';
import { checkWindow, embargoedUntil, type Learned } from './check-window.js';

/** There is nothing that two models can be compared on: all of it was learned from. */
export class LeakedWindow extends Error {
  override readonly name = 'LeakedWindow';
}

/** Sessions that nobody concerned has learned from. */
export interface CleanSessions {
  readonly sessions: readonly BarRange[];
  /** Those that were left out, and why; absent when there are none. */
  readonly refused?: RefusedSessions;
}

/** Keeps the sessions, oldest first, that begin after everything that was learned from and the embargo. Throws `LeakedWindow` when none does. */
export const cleanSessions = (
  { closeTime }: Pick<BarSeries, 'closeTime'>,
  sessions: readonly BarRange[],
  reachMs: number,
  learned: readonly Learned[],
): CleanSessions => {
  const until = embargoedUntil(learned, reachMs);
  const clean = sessions.filter(({ from }) => (closeTime[from] ?? NaN) > until);
  const oldest = sessions.find((session) => !clean.includes(session));
  if (oldest === undefined) return { sessions };
  const verdict = checkWindow({ from: new Date(closeTime[oldest.from] ?? NaN).toISOString(), reachMs }, learned);
  const reason = verdict.clean ? '' : verdict.reason;
  if (clean.length === 0) throw new LeakedWindow(`none of ${sessions.length} held-out sessions is clean: ${reason}`);
  return { sessions: clean, refused: { count: sessions.length - clean.length, reason } };
};

/** The first bar, of bars oldest first, from which on sessions are clean; the number of bars when none is. */
export const firstCleanBar = ({ closeTime }: Pick<BarSeries, 'closeTime'>, reachMs: number, learned: readonly Learned[]): number => {
  const until = embargoedUntil(learned, reachMs);
  const first = closeTime.findIndex((close) => close > until);
  return first < 0 ? closeTime.length : first;
};
