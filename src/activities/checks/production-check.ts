import type { BarSeries } from '../../domain/market/bars.js';
import type { Measurement } from '../../domain/triggers/trigger.js';
import { backtest } from '../../evaluation/backtest/backtest.js';
import { tradableSessions } from '../../learning/environment/sessions.js';
import { NoBars } from '../../market/ingest/merge-bars.js';
import { openContender } from '../evaluation/contender.js';
import { gatherBars } from '../training/datasets.js';
import type { ActivityDependencies } from '../dependencies.js';
import { withHeartbeat } from '../heartbeat.js';

const DAY_MS = 86_400_000;
/** Days before the window whose bars features warm up on. */
const WARM_UP_DAYS = 60;

export interface ProductionCheck {
  /** Null without a proven version, or without bars to measure it on. */
  readonly measured: Measurement | null;
  /** What ails it; null when nothing does. */
  readonly health: string | null;
}

export interface ProductionCheckActivities {
  /** Plays the proven version that is live on the newest bars (`performance_window_days`), with all costs, as the backtest does. */
  checkProduction(request: { readonly instrument: string; readonly bucket: string }): Promise<ProductionCheck>;
}

type CheckDependencies = Pick<ActivityDependencies, 'registry' | 'artifacts' | 'config' | 'markets' | 'folders'>;

export const createProductionCheckActivities = (dependencies: CheckDependencies): ProductionCheckActivities => ({
  checkProduction: ({ instrument, bucket }) =>
    withHeartbeat(async (doing, signal) => {
      const { registry } = dependencies;
      const live = await registry.production.current(instrument, bucket);
      if (live?.role !== 'production') return { measured: null, health: null };
      doing('reading the newest bars');
      const bars = await newestBars(dependencies, instrument);
      if (bars === null) return { measured: null, health: null };
      doing(`playing ${live.version}`);
      try {
        const measured = await measure(dependencies, bars, live.bundle, signal);
        return { measured: measured === null ? null : { version: live.version, ...measured }, health: null };
      } catch (error) {
        if (!(error instanceof Error) || !UNSOUND.includes(error.name)) throw error;
        return { measured: null, health: `${live.version}: ${error.message}`.slice(0, 500) };
      }
    }),
});

/** Errors that are the model's own. */
const UNSOUND: readonly string[] = ['UnsuitableModel', 'ArtifactMissing', 'ArtifactCorrupt', 'RangeError'];

/** Bars as they are decided on; null when none are stored. */
const newestBars = async ({ registry, ...dependencies }: CheckDependencies, instrument: string): Promise<BarSeries | null> => {
  try {
    const ingested = await registry.files.ofInstrument(instrument);
    const newest = Math.max(...ingested.map(({ report }) => Date.parse(report.lastClose)));
    const since = newest - (dependencies.config.autoRetrain.performanceWindowDays + WARM_UP_DAYS) * DAY_MS;
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

const measure = async (
  { artifacts, config, markets }: CheckDependencies,
  bars: BarSeries,
  bundle: string,
  signal: AbortSignal,
): Promise<Omit<Measurement, 'version'> | null> => {
  const contender = await openContender(artifacts, bundle, bars, config.training.environment);
  try {
    const days = config.autoRetrain.performanceWindowDays;
    const since = (bars.closeTime[bars.length - 1] ?? 0) - days * DAY_MS;
    const first = bars.closeTime.findIndex((close) => close > since);
    const sessions = tradableSessions(bars, { from: first, to: bars.length }, contender.firstDecision);
    if (sessions.length === 0) return null;
    const { model } = contender;
    const { sessionReturns } = await backtest({ bars, instrument: markets.instrument(bars.instrument), sessions, ...model, signal });
    return { netReturn: sessionReturns.reduce((sum, value) => sum + value, 0), days };
  } finally {
    await contender.release();
  }
};
