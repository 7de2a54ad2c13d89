import type { BarSeries } from '../../domain/market/bars.js';
import type { Measurement } from '../../domain/triggers/trigger.js';
import { noticesOf, type DriftNotice } from '../../domain/drift/drift-look.js';
import { backtest } from '../../evaluation/backtest/backtest.js';
import type { Backtest } from '../../evaluation/backtest/backtest-record.js';
import { tradableSessions } from '../../learning/environment/sessions.js';
import { NoBars } from '../../market/ingest/merge-bars.js';
import { openContender, type Contender } from '../evaluation/contender.js';
import { gatherBars } from '../training/datasets.js';
import type { ActivityDependencies } from '../dependencies.js';
import { withHeartbeat } from '../heartbeat.js';
import { lookForDrift, type PlayedSessions } from './drift-check.js';

const DAY_MS = 86_400_000;
/** Days before the window whose bars features warm up on. */
const WARM_UP_DAYS = 60;

export interface ProductionCheck {
  /** Null without a proven version, or without bars to measure it on. */
  readonly measured: Measurement | null;
  /** What ails it; null when nothing does. */
  readonly health: string | null;
  /** How the market, or what production does in it, differs from before. One at most, or absent, in what earlier workers answered. */
  readonly drift?: readonly DriftNotice[] | DriftNotice | null;
}

export interface ProductionCheckActivities {
  /** Plays the proven version that is live on the newest bars (`performance_window_days`), with all costs, as the backtest does, and looks for drift (`drift`). */
  checkProduction(request: { readonly instrument: string; readonly bucket: string }): Promise<ProductionCheck>;
}

type CheckDependencies = Pick<ActivityDependencies, 'registry' | 'artifacts' | 'config' | 'markets' | 'folders'>;

export const createProductionCheckActivities = (dependencies: CheckDependencies): ProductionCheckActivities => ({
  checkProduction: ({ instrument, bucket }) =>
    withHeartbeat(async (doing, signal) => {
      const { registry, artifacts, config } = dependencies;
      const live = await registry.production.current(instrument, bucket);
      const version = live?.role === 'production' ? await registry.versions.get(instrument, bucket, live.version) : null;
      if (live === null || version === null) return NOTHING;
      doing('reading the newest bars');
      const bars = await newestBars(dependencies, instrument, version.dataHorizon);
      if (bars === null) return NOTHING;
      doing(`playing ${live.version}`);
      try {
        const contender = await openContender(artifacts, live.bundle, bars, config.training.environment);
        try {
          const learnedTo = version.dataHorizon;
          const played = await play(dependencies, bars, contender, learnedTo, signal);
          doing(`comparing the market with the one of ${live.version}`);
          const look = lookForDrift({
            version: live.version,
            learnedTo,
            bars,
            raw: contender.raw,
            played: streamsOf(played, bars, learnedTo),
            settings: config.drift,
          });
          if (look !== null) await registry.driftLooks.record(instrument, bucket, look);
          const measured = lately(played, bars, config.autoRetrain.performanceWindowDays);
          return {
            measured: measured === null ? null : { version: live.version, ...measured },
            health: null,
            drift: look === null ? [] : noticesOf(look),
          };
        } finally {
          await contender.release();
        }
      } catch (error) {
        if (!(error instanceof Error) || !UNSOUND.includes(error.name)) throw error;
        return { ...NOTHING, health: `${live.version}: ${error.message}`.slice(0, 500) };
      }
    }),
});

const NOTHING: ProductionCheck = { measured: null, health: null, drift: [] };

/** Errors that are the model's own. */
const UNSOUND: readonly string[] = ['UnsuitableModel', 'ArtifactMissing', 'ArtifactCorrupt', 'RangeError'];

/** Bars as they are decided on: what production is measured on, and what drift is measured against. Null when none are stored. */
const newestBars = async (
  { registry, ...dependencies }: CheckDependencies,
  instrument: string,
  learnedTo: string,
): Promise<BarSeries | null> => {
  const { autoRetrain, drift } = dependencies.config;
  try {
    const ingested = await registry.files.ofInstrument(instrument);
    const newest = Math.max(...ingested.map(({ report }) => Date.parse(report.lastClose)));
    const measured = newest - autoRetrain.performanceWindowDays * DAY_MS;
    const compared = drift.falseAlarmsPerYear === 0 ? newest : Date.parse(learnedTo) - drift.referenceDays * DAY_MS;
    const since = Math.min(measured, compared) - WARM_UP_DAYS * DAY_MS;
    const recent = ingested.filter(({ report }) => Date.parse(report.lastClose) >= since);
    return (
      await gatherBars(
        dependencies,
        dependencies.markets.instrument(instrument),
        dependencies.config.training.environment.frequency,
        recent,
      )
    ).bars;
  } catch (error) {
    if (error instanceof NoBars) return null;
    throw error;
  }
};

/** Plays production in every session that it has not learned from, and in those of the performance window. */
const play = async (
  { config, markets }: CheckDependencies,
  bars: BarSeries,
  { model, firstDecision }: Contender,
  learnedTo: string,
  signal: AbortSignal,
): Promise<Backtest | null> => {
  const newest = bars.closeTime[bars.length - 1] ?? 0;
  const since = Math.min(newest - config.autoRetrain.performanceWindowDays * DAY_MS, config.drift.falseAlarmsPerYear === 0 ? newest : Date.parse(learnedTo)); // prettier-ignore
  const first = bars.closeTime.findIndex((close) => close > since);
  const sessions = first < 0 ? [] : tradableSessions(bars, { from: first, to: bars.length }, firstDecision);
  if (sessions.length === 0) return null;
  return backtest({ bars, instrument: markets.instrument(bars.instrument), sessions, ...model, signal });
};

/** What production does, session by session, since it has learned: what it earns, and how much of its largest position it holds on average. */
const streamsOf = (played: Backtest | null, bars: BarSeries, learnedTo: string): PlayedSessions => {
  if (played === null) return { sessions: [], streams: [] };
  const { sessions, offsets, position, sessionReturns } = played;
  const fresh = sessions.findIndex(({ from }) => (bars.closeTime[from] ?? NaN) > Date.parse(learnedTo));
  const from = fresh < 0 ? sessions.length : fresh;
  const held = Float64Array.from(sessions, (_, session) => {
    const within = position.subarray(offsets[session], offsets[session + 1]);
    return within.length === 0 ? 0 : within.reduce((sum, value) => sum + Math.abs(value), 0) / within.length;
  });
  return {
    sessions: sessions.slice(from),
    streams: [
      { name: 'net return', values: sessionReturns.slice(from) },
      { name: 'position held', values: held.slice(from) },
    ],
  };
};

/** What production made of the newest days; null without a session in them. */
const lately = (played: Backtest | null, bars: BarSeries, days: number): Omit<Measurement, 'version'> | null => {
  if (played === null) return null;
  const since = (bars.closeTime[bars.length - 1] ?? 0) - days * DAY_MS;
  const within = played.sessions.map(({ to }) => (bars.closeTime[to - 1] ?? NaN) > since);
  if (!within.includes(true)) return null;
  return { netReturn: played.sessionReturns.reduce((sum, value, session) => (within[session] === true ? sum + value : sum), 0), days };
};
