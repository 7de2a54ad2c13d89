import type { DriftConfig } from '../../config/sections/drift.js';
import type { DriftLook } from '../../domain/drift/drift-look.js';
import { findChange, type DriftStream } from '../../domain/drift/find-change.js';
import { findDrift, type DriftSeries } from '../../domain/drift/find-drift.js';
import { sessionStarts, type BarRange, type BarSeries } from '../../domain/market/bars.js';
import type { RawFeatures } from '../../domain/market/features.js';
import { createRandom } from '../../learning/random.js';

/** The newest whole window of sessions since a version has learned, and the sessions that it learned from. */
export interface DriftWindow {
  readonly learned: readonly BarRange[];
  readonly trial: readonly BarRange[];
  /** Close of its last bar, ISO 8601. */
  readonly to: string;
  /** Probability of an alarm, of whatever kind, where nothing drifts. */
  readonly level: number;
}

/** What is looked at for drift. */
export interface DriftSight {
  readonly version: string;
  /** Close of the last bar that the version has learned from, ISO 8601. */
  readonly learnedTo: string;
  readonly window: DriftWindow;
  /** What the version sees of the bars, before it is scaled. */
  readonly raw: RawFeatures;
  /** What it does in sessions that it has not learned from. */
  readonly played: PlayedSessions;
}

/** Sessions, oldest first, and what was measured once in each. */
export interface PlayedSessions {
  readonly sessions: readonly BarRange[];
  readonly streams: readonly DriftStream[];
}

const YEAR_MS = 365.25 * 86_400_000;
/** Part of the false alarms that the look at the market may give; the rest is for the look at production. */
const MARKET_SHARE = 0.75;

/**
 * The window that a look for drift is due for: windows follow one another without overlap from the end of the training, and the session that may still
 * go on is in none. Null where none is whole, nothing is left of what was learned from, or drift is not looked for.
 */
export const newestWindow = (bars: BarSeries, warmUp: number, learnedTo: string, settings: DriftConfig): DriftWindow | null => {
  const { falseAlarmsPerYear, windowSessions } = settings;
  const closeOf = (bar: number): number => bars.closeTime[bar] ?? NaN;
  const finished = rangesOf(bars).filter(({ from }) => from >= warmUp).slice(0, -1); // prettier-ignore
  const learned = finished.filter(({ to }) => closeOf(to - 1) <= Date.parse(learnedTo));
  const since = finished.filter(({ from }) => closeOf(from) > Date.parse(learnedTo));
  const whole = Math.floor(since.length / windowSessions);
  const trial = since.slice((whole - 1) * windowSessions, whole * windowSessions);
  const [first, last, newest] = [learned[0], learned.at(-1), trial.at(-1)];
  if (falseAlarmsPerYear === 0 || first === undefined || last === undefined || newest === undefined) return null;
  const windowsPerYear = (learned.length * YEAR_MS) / (closeOf(last.to - 1) - closeOf(first.from)) / windowSessions;
  return { learned, trial, to: new Date(closeOf(newest.to - 1)).toISOString(), level: Math.min(1, falseAlarmsPerYear / windowsPerYear) };
};

/** Looks at the end of a window: are its features distributed otherwise than in the windows that were learned from, and has what the version does changed since? */
export const lookForDrift = ({ version, learnedTo, window, raw, played }: DriftSight): DriftLook => {
  const { learned, trial, to, level } = window;
  const end = trial.at(-1)?.to ?? 0;
  const over = played.sessions.filter((session) => session.to <= end).length;
  const streams = played.streams.map(({ name, values }) => ({ name, values: values.slice(0, over) }));
  return {
    version,
    learnedTo,
    to,
    window: trial.length,
    market: findDrift(seriesOf(raw, [...learned, ...trial]), { window: trial.length, level: MARKET_SHARE * level }),
    production: findChange(streams, { level: (1 - MARKET_SHARE) * level, random: createRandom(0, `drift/${version}/${to}`) }),
  };
};

const rangesOf = (bars: BarSeries): BarRange[] => {
  const starts = [...sessionStarts(bars)];
  return starts.slice(0, -1).map((from, session) => ({ from, to: starts[session + 1] ?? bars.length }));
};

const seriesOf = ({ names, values }: RawFeatures, sessions: readonly BarRange[]): DriftSeries[] =>
  names.map((name, column) => ({
    name,
    sessions: sessions.map(({ from, to }) =>
      Float64Array.from({ length: to - from }, (_, bar) => values[(from + bar) * names.length + column] ?? NaN),
    ),
  }));
