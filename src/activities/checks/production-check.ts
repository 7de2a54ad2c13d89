import type { BarSeries } from '../../domain/market/bars.js';
import type { Measurement } from '../../domain/triggers/trigger.js';
import { backtest } from '../../evaluation/backtest/backtest.js';
import { tradableSessions } from '../../learning/environment/sessions.js';
import { NoBars } from '../../market/ingest/merge-bars.js';
import { openContender, type Contender } from '../evaluation/contender.js';
import { gatherBars } from '../training/datasets.js';
import type { ActivityDependencies } from '../dependencies.js';
import { withHeartbeat } from '../heartbeat.js';
import { lookForDrift, type DriftNotice } from './drift-check.js';

const DAY_MS = 86_400_000;
/** Days before the window whose bars features warm up on. */
const WARM_UP_DAYS = 60;

export interface ProductionCheck {
  /** Null without a proven version, or without bars to measure it on. */
  readonly measured: Measurement | null;
  /** What ails it; null when nothing does. */
  readonly health: string | null;
  /** How the market differs from the one that it learned from; absent in what earlier workers answered. */
  readonly drift?: DriftNotice | null;
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
          const measured = await measure(dependencies, bars, contender, signal);
          doing(`comparing the market with the one of ${live.version}`);
          const drift = lookForDrift({
            version: live.version,
            learnedTo: version.dataHorizon,
            bars,
            raw: contender.raw,
            settings: config.drift,
          });
          return { measured: measured === null ? null : { version: live.version, ...measured }, health: null, drift };
        } finally {
          await contender.release();
        }
      } catch (error) {
        if (!(error instanceof Error) || !UNSOUND.includes(error.name)) throw error;
        return { ...NOTHING, health: `${live.version}: ${error.message}`.slice(0, 500) };
      }
    }),
});

const NOTHING: ProductionCheck = { measured: null, health: null, drift: null };

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

const measure = async (
  { config, markets }: CheckDependencies,
  bars: BarSeries,
  { model, firstDecision }: Contender,
  signal: AbortSignal,
): Promise<Omit<Measurement, 'version'> | null> => {
  const days = config.autoRetrain.performanceWindowDays;
  const since = (bars.closeTime[bars.length - 1] ?? 0) - days * DAY_MS;
  const first = bars.closeTime.findIndex((close) => close > since);
  const sessions = tradableSessions(bars, { from: first, to: bars.length }, firstDecision);
  if (sessions.length === 0) return null;
  const { sessionReturns } = await backtest({ bars, instrument: markets.instrument(bars.instrument), sessions, ...model, signal });
  return { netReturn: sessionReturns.reduce((sum, value) => sum + value, 0), days };
};
