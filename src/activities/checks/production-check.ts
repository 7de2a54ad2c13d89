import type { BarSeries } from '../../domain/market/bars.js';
import type { Measurement } from '../../domain/triggers/trigger.js';
import { noticesOf, type DriftLook, type DriftNotice } from '../../domain/drift/drift-look.js';
import { backtest } from '../../evaluation/backtest/backtest.js';
import type { Backtest } from '../../evaluation/backtest/backtest-record.js';
import { tradableSessions } from '../../learning/environment/sessions.js';
import { NoBars } from '../../market/ingest/merge-bars.js';
import { openContender, type Contender } from '../evaluation/contender.js';
import { gatherBars } from '../training/gather-bars.js';
import type { ActivityDependencies } from '../dependencies.js';
import { withHeartbeat } from '../heartbeat.js';
import { lookForDrift, newestWindow, type PlayedSessions } from './drift-check.js';

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
          const window = newestWindow(bars, contender.raw.warmUp, learnedTo, config.drift);
          const kept = window === null ? null : await registry.driftLooks.find(instrument, bucket, live.version, window.to);
          const days = config.autoRetrain.performanceWindowDays;
          const lately = (bars.closeTime[bars.length - 1] ?? 0) - days * DAY_MS;
          const isDue = window !== null && kept === null;
          const played = await play(dependencies, bars, contender, isDue ? Math.min(lately, Date.parse(learnedTo)) : lately, signal);
          let look: DriftLook | null = kept;
          if (isDue) {
            doing(`comparing the market with the one of ${live.version}`);
            const streams = streamsOf(played, bars, Date.parse(learnedTo));
            look = lookForDrift({ version: live.version, learnedTo, window, raw: contender.raw, played: streams });
            await registry.driftLooks.record(instrument, bucket, look);
          }
          const netReturn = returnSince(played, bars, lately);
          return {
            measured: netReturn === null ? null : { version: live.version, netReturn, days },
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

/** Plays production in every whole session that ended after `since`, in epoch milliseconds; null where none did. */
const play = async (
  { markets }: CheckDependencies,
  bars: BarSeries,
  { bundle, model, firstDecision }: Contender,
  since: number,
  signal: AbortSignal,
): Promise<Backtest | null> => {
  const all = tradableSessions(bars, { from: 0, to: bars.length }, firstDecision, bundle.environment.regime);
  const sessions = all.filter(({ to }) => (bars.closeTime[to - 1] ?? NaN) > since);
  if (sessions.length === 0) return null;
  return backtest({ bars, instrument: markets.instrument(bars.instrument), sessions, ...model, signal });
};

/** What production does, session by session, in those that began after it has learned: what it earns, and the notional that it holds on average, as shares of cash. */
const streamsOf = (played: Backtest | null, bars: BarSeries, learnedTo: number): PlayedSessions => {
  if (played === null) return { sessions: [], streams: [] };
  const { sessions, offsets, position, sessionReturns } = played;
  const fresh = sessions.findIndex(({ from }) => (bars.closeTime[from] ?? NaN) > learnedTo);
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

/** What production made in the sessions that ended after `since`; null where none did. */
const returnSince = (played: Backtest | null, bars: BarSeries, since: number): number | null => {
  const made = played?.sessions.flatMap(({ to }, session) =>
    (bars.closeTime[to - 1] ?? NaN) > since ? [played.sessionReturns[session] ?? NaN] : [],
  );
  return made === undefined || made.length === 0 ? null : made.reduce((sum, value) => sum + value, 0);
};
