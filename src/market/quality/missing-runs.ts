import type { BarSeries } from '../../domain/market/bars.js';
import type { Session } from '../calendar.js';

/** Bars in a row that a session should have and the data has not. Times are epoch ms. */
export interface MissingRun {
  readonly from: number;
  readonly to: number;
  readonly bars: number;
  /** Whole hours between the session's open and the run's start. */
  readonly hour: number;
  /** Index into the sessions given. */
  readonly session: number;
}

export interface Coverage {
  /** Bars that the sessions should have between the first and the last bar of the data. */
  readonly expected: number;
  readonly runs: readonly MissingRun[];
}

/** Compares bars with every session of the calendar (`sessions`, in order, also those without bars) between the data's first and last moment. */
export const findMissingRuns = (bars: BarSeries, sessions: readonly Session[]): Coverage => {
  const runs: MissingRun[] = [];
  const dataFrom = bars.openTime[0] ?? 0;
  const dataTo = bars.closeTime[bars.length - 1] ?? 0;
  let expected = 0;
  let bar = 0;
  sessions.forEach((session, ordinal) => {
    const from = Math.max(session.open, dataFrom);
    const to = Math.min(session.close, dataTo);
    expected += slots(session, from, to, bars.frequencyMs);
    const record = (gapFrom: number, gapTo: number): void => {
      const missing = slots(session, gapFrom, gapTo, bars.frequencyMs);
      if (missing > 0) {
        const hour = Math.floor((gapFrom - session.open) / 3_600_000);
        runs.push({ from: gapFrom, to: gapTo, bars: missing, hour, session: ordinal });
      }
    };
    let covered = from;
    for (; bar < bars.length && (bars.openTime[bar] ?? Infinity) < to; bar++) {
      record(covered, bars.openTime[bar] ?? covered);
      covered = Math.max(covered, bars.closeTime[bar] ?? covered);
    }
    record(covered, to);
  });
  return { expected, runs };
};

/** Whole bars that fit into [from, to) of a session without its halts. */
const slots = (session: Session, from: number, to: number, frequencyMs: number): number => {
  const halted = session.halts.reduce((sum, halt) => sum + Math.max(0, Math.min(halt.to, to) - Math.max(halt.from, from)), 0);
  return Math.max(0, Math.floor((to - from - halted) / frequencyMs));
};
