import { driftMeasures } from './measures.js';

/** What was seen of one thing, such as a feature: the values of each session, oldest first. */
export interface DriftSeries {
  readonly name: string;
  readonly sessions: readonly Float64Array[];
}

export interface DriftOptions {
  /** Sessions that are compared as one; the newest so many are on trial. */
  readonly window: number;
  /** Probability of an alarm where nothing has drifted. */
  readonly level: number;
}

/** What the newest window differs in most, and whether windows as different are rarer than the level. */
export interface DriftFinding {
  readonly drifted: boolean;
  /** Share of all windows that differ from the others as much as the newest does, this one included. */
  readonly pValue: number;
  readonly windows: number;
  readonly series: string;
  readonly measure: string;
  readonly value: number;
  /** The measure's mean over all windows. */
  readonly usual: number;
  /** Every series by every measure. */
  readonly looks: readonly { readonly series: string; readonly measure: string; readonly value: number; readonly usual: number }[];
}

/** Values of one thing that are looked at: bars that follow one another say nearly the same. */
const MOST_VALUES = 20_000;

/**
 * Compares each window of sessions with all others, in every series and by every measure, and says how many are at least as different as the newest.
 * Where all windows come from one distribution, in whatever order, an alarm has at most the probability of the level: the test is one by ranks, exact
 * for any number of series and measures, and sessions may be correlated within a window. Null where there are too few windows to reach the level.
 */
export const findDrift = (all: readonly DriftSeries[], { window, level }: DriftOptions): DriftFinding | null => {
  const windows = Math.floor(Math.min(...all.map(({ sessions }) => sessions.length)) / window);
  if (all.length === 0 || windows * level < 1) return null;
  const looks = all.flatMap(({ name, sessions }) => looksAt(name, inWindows(sessions, window, windows)));
  const strangeness = Array.from({ length: windows }, (_, at) => Math.max(...looks.map((look) => relative(look, at))));
  const newest = windows - 1;
  const asStrange = strangeness.filter((one) => one >= (strangeness[newest] ?? Infinity)).length;
  const worst = looks.reduce((one, other) => (relative(other, newest) > relative(one, newest) ? other : one));
  const pValue = asStrange / windows;
  return {
    drifted: pValue <= level,
    pValue,
    windows,
    series: worst.series,
    measure: worst.measure,
    value: worst.values[newest] ?? 0,
    usual: worst.usual,
    looks: looks.map(({ series, measure, values, usual }) => ({ series, measure, value: values[newest] ?? 0, usual })),
  };
};

/** One series by one measure: how each window differs from all others. */
interface Look {
  readonly series: string;
  readonly measure: string;
  readonly values: readonly number[];
  readonly usual: number;
}

const relative = ({ values, usual }: Look, at: number): number => (usual === 0 ? 0 : (values[at] ?? 0) / usual);

/** The newest sessions, so many windows of them, each as one sample; thinned evenly where there are very many values. */
const inWindows = (sessions: readonly Float64Array[], window: number, windows: number): readonly Float64Array[] => {
  const used = sessions.slice(sessions.length - window * windows);
  const stride = Math.ceil(used.reduce((sum, { length }) => sum + length, 0) / MOST_VALUES);
  return Array.from({ length: windows }, (_, at) =>
    Float64Array.from(
      used.slice(at * window, (at + 1) * window).flatMap((values) => [...values.filter((value, i) => i % stride === 0 && isFinite(value))]),
    ).sort(),
  );
};

const looksAt = (series: string, windows: readonly Float64Array[]): readonly Look[] => {
  const others = windows.map((_, at) => Float64Array.from(windows.flatMap((values, i) => (i === at ? [] : [...values]))).sort());
  return Object.entries(driftMeasures).map(([measure, differ]): Look => {
    const values = windows.map((values, at) => {
      const rest = others[at];
      return rest === undefined || rest.length === 0 || values.length === 0 ? 0 : differ(rest, values);
    });
    return { series, measure, values, usual: values.reduce((sum, value) => sum + value, 0) / values.length };
  });
};
