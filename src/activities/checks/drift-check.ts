import type { DriftConfig } from '../../config/sections/drift.js';
import { findDrift, type DriftFinding, type DriftSeries } from '../../domain/drift/find-drift.js';
import { sessionStarts, type BarRange, type BarSeries } from '../../domain/market/bars.js';
import type { RawFeatures } from '../../domain/market/features.js';

/** That the market is no longer what a version learned from. The same window of the same version has the same id. */
export interface DriftNotice {
  readonly id: string;
  readonly reason: string;
}

export interface DriftLook {
  readonly version: string;
  /** Close of the last bar that the version has learned from, ISO 8601. */
  readonly learnedTo: string;
  readonly bars: BarSeries;
  /** What the version sees of the bars, before it is scaled. */
  readonly raw: RawFeatures;
  readonly settings: DriftConfig;
}

const YEAR_MS = 365.25 * 86_400_000;

/**
 * Looks whether the features of the newest whole window of sessions after a version's training are distributed otherwise than in the windows that it
 * learned from. Windows do not overlap, and the session that may still go on is left out; null where nothing has drifted, or too little is there to tell.
 */
export const lookForDrift = ({ version, learnedTo, bars, raw, settings }: DriftLook): DriftNotice | null => {
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
  const found = findDrift(seriesOf(raw, [...learned, ...trial]), { window, level });
  if (found?.drifted !== true) return null;
  const to = new Date(closeOf(newest.to - 1)).toISOString();
  return { id: `${version}/drift/${to}`, reason: describe(found, window, to) };
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

const describe = ({ series, measure, value, usual, pValue, windows }: DriftFinding, window: number, to: string): string =>
  `${series} in the ${window} sessions to ${to.slice(0, 10)} is distributed otherwise than before: ${measure} ${value.toPrecision(3)}, usually ${usual.toPrecision(3)}; ${Math.round(pValue * windows)} of ${windows} windows differ as much`;
