import type { Session } from '../calendar.js';
import { EXAMPLES, isoTime } from './check.js';
import type { QualityCheck } from './check.js';
import { findMissingRuns } from './missing-runs.js';
import type { Coverage, MissingRun } from './missing-runs.js';

/** Chance, over the whole series, that silence is taken for loss. */
const FALSE_ALARM = 0.01;
/** A market that trades in fewer than half its bars is too thin to tell silence from loss. */
const MOST_SILENCE = 0.5;
const HOUR = 3_600_000;

/**
 * Bars lost against the calendar.
 *
 * NinjaTrader writes no row for a minute without a trade, so a missing bar is not lost by itself: it is lost when its run is longer
 * than the instrument's own thinness explains. Thinness is the share of bars that the median session lacks in that hour of the
 * session; a run of k bars is explained while thinness^k × (bars expected) is at least 1 %. Where the median session lacks none, as
 * in liquid futures by day and in crypto, every missing bar counts; a session without bars always counts whole.
 */
export const completeness: QualityCheck = {
  name: 'completeness',
  run({ bars, calendar }) {
    const sessions = calendar.sessions(bars.openTime[0] ?? 0, bars.closeTime[bars.length - 1] ?? 0);
    const coverage = findMissingRuns(bars, sessions);
    const longestSilence = silenceByHour(coverage, sessions, bars.frequencyMs);
    const lost = coverage.runs.filter((run) => run.bars > longestSilence(run)).sort((a, b) => b.bars - a.bars);
    const affected = lost.reduce((sum, run) => sum + run.bars, 0);
    const silent = coverage.runs.reduce((sum, run) => sum + run.bars, 0) - affected;
    const message = `${affected} of ${coverage.expected} expected bars are missing in ${lost.length} gaps (${silent} more are minutes without a trade): check holidays in calendar ${calendar.id}, thin volume, and the source.`;
    return {
      affected,
      of: coverage.expected,
      message: affected === 0 ? '' : message,
      examples: lost.slice(0, EXAMPLES).map((run) => `${isoTime(run.from)} to ${isoTime(run.to)}: ${run.bars} bars missing`),
    };
  },
};

/** The longest run of missing bars that thin trading explains, for the hours that a run touches. */
const silenceByHour = ({ expected, runs }: Coverage, sessions: readonly Session[], frequencyMs: number): ((run: MissingRun) => number) => {
  const missing = sessions.map(() => new Map<number, number>());
  for (const run of runs) for (const [hour, bars] of hoursOf(run, frequencyMs)) addTo(missing[run.session], hour, bars);
  const barsPerHour = Math.max(1, HOUR / frequencyMs);
  const traded = sessions.map((session, ordinal) => ({ hours: Math.ceil((session.close - session.open) / HOUR), ordinal }));
  const thinness = (hour: number): number =>
    median(traded.filter(({ hours }) => hour < hours).map(({ ordinal }) => (missing[ordinal]?.get(hour) ?? 0) / barsPerHour));
  const known = new Map<number, number>();
  const longest = (hour: number): number => {
    const found = known.get(hour) ?? explainedRun(Math.min(MOST_SILENCE, thinness(hour)), expected);
    known.set(hour, found);
    return found;
  };
  return (run) => Math.max(...hoursOf(run, frequencyMs).map(([hour]) => longest(hour)));
};

const explainedRun = (thinness: number, expected: number): number =>
  thinness > 0 ? Math.floor(Math.log(FALSE_ALARM / expected) / Math.log(thinness)) : 0;

/** How many bars of a run lie in each hour of its session. */
const hoursOf = (run: MissingRun, frequencyMs: number): [number, number][] => {
  const barsPerHour = Math.max(1, HOUR / frequencyMs);
  const hours: [number, number][] = [];
  for (let hour = run.hour, left = run.bars; left > 0; hour++, left -= barsPerHour) hours.push([hour, Math.min(left, barsPerHour)]);
  return hours;
};

const addTo = (counts: Map<number, number> | undefined, key: number, amount: number): void =>
  void counts?.set(key, (counts.get(key) ?? 0) + amount);

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
};
