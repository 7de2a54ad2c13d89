import type { DriftConfig } from '../../config/sections/drift.js';
import type { DriftLook } from '../../domain/drift/drift-look.js';
import { findChange, type DriftStream } from '../../domain/drift/find-change.js';
import { findDrift, type DriftSeries } from '../../domain/drift/find-drift.js';
import { sessionStarts, type BarRange, type BarSeries } from '../../domain/market/bars.js';
import type { RawFeatures } from '../../domain/market/features.js';
import { createRandom } from '../../learning/random.js';

/** What is looked at for drift. */
export interface DriftSight {
  readonly version: string;
  /** Close of the last bar that the version has learned from, ISO 8601. */
  readonly learnedTo: string;
  readonly bars: BarSeries;
  /** What the version sees of the bars, before it is scaled. */
  readonly raw: RawFeatures;
  /** What it does in sessions that it has not learned from. */
  readonly played: PlayedSessions;
  readonly settings: DriftConfig;
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
 * Looks at the end of the newest whole window of sessions after a version's training: are its features distributed otherwise than in the windows that
 * were learned from, and has what the version does changed since? Windows do not overlap, and the session that may still go on is left out; null where
 * no window is whole, or drift is not looked for.
 */
export const lookForDrift = ({ version, learnedTo, bars, raw, played, settings }: DriftSight): DriftLook | null => {
  const { falseAlarmsPerYear, windowSessions: window } = settings;
  const closeOf = (bar: number): number => bars.closeTime[bar] ?? NaN;
  const sessions = rangesOf(bars).filter(({ from }) => from >= raw.warmUp);
  const finished = sessions.slice(0, -1);
  const learned = finished.filter(({ to }) => closeOf(to - 1) <= Date.parse(learnedTo));
  const since = finished.filter(({ from }) => closeOf(from) > Date.parse(learnedTo));
  const whole = Math.floor(since.length / window);
  const trial = since.slice((whole - 1) * window, whole * window);
  const [first, last, newest] = [learned[0], learned.at(-1), trial.at(-1)];
  if (falseAlarmsPerYear === 0 || first === undefined || last === undefined || newest === undefined) return null;
  const windowsPerYear = (learned.length * YEAR_MS) / (closeOf(last.to - 1) - closeOf(first.from)) / window;
  const level = Math.min(1, falseAlarmsPerYear / windowsPerYear);
  const to = new Date(closeOf(newest.to - 1)).toISOString();
  const over = played.sessions.filter((session) => session.to <= newest.to).length;
  const streams = played.streams.map(({ name, values }) => ({ name, values: values.slice(0, over) }));
  return {
    version,
    learnedTo,
    to,
    window,
    market: findDrift(seriesOf(raw, [...learned, ...trial]), { window, level: MARKET_SHARE * level }),
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
