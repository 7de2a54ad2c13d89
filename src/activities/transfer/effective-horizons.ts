import type { EnvironmentConfig } from '../../config/sections/training.js';
import { horizonAt, type HorizonRange } from '../../domain/agent/horizons.js';
import type { BarRange, BarSeries } from '../../domain/market/bars.js';
import type { Instrument } from '../../domain/market/instrument.js';
import type { ArtifactStore } from '../../domain/ports.js';
import { effectiveHorizons, type HorizonWeight } from '../../domain/transfer/horizons.js';
import { backtest } from '../../evaluation/backtest/backtest.js';
import { totalReturn } from '../../evaluation/metrics/equity.js';
import { tradableSessions } from '../../learning/environment/sessions.js';
import { openContender } from '../evaluation/contender.js';

/** Where on the scale of its horizons a model is asked. */
const QUANTILES = [0.1, 0.3, 0.5, 0.7, 0.9] as const;

export interface HorizonQuestion {
  /** Artifact id of the model's bundle. */
  readonly bundle: string;
  /** What its episodes were drawn from. */
  readonly range: HorizonRange;
  readonly bars: BarSeries;
  readonly held: BarRange;
  readonly instrument: Instrument;
  readonly environment: EnvironmentConfig;
  readonly signal: AbortSignal;
}

/** At which horizons a model earns how much: its net return on sessions held back, when it is told to look so far ahead, as weights. Throws `UnsuitableModel`. */
export const measureHorizons = async (artifacts: ArtifactStore, question: HorizonQuestion): Promise<HorizonWeight[]> => {
  const { bundle, range, bars, held, instrument, environment, signal } = question;
  const contender = await openContender(artifacts, bundle, bars, environment);
  try {
    const sessions = tradableSessions(bars, held, contender.firstDecision, environment.regime);
    const scores: { horizon: number; score: number }[] = [];
    for (const horizon of new Set(QUANTILES.map((quantile) => horizonAt(range, quantile)))) {
      const { returns } = await backtest({ bars, instrument, sessions, signal, ...contender.model, horizon });
      scores.push({ horizon, score: totalReturn(returns, 'additive') });
    }
    return effectiveHorizons(scores);
  } finally {
    await contender.release();
  }
};
