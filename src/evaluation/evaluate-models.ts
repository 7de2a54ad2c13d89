import type { EnvironmentConfig } from '../config/sections/training.js';
import type { BarRange, BarSeries } from '../domain/market/bars.js';
import type { GateEvidence, GateSettings, Servability } from '../domain/gate/types.js';
import type { Instrument } from '../domain/market/instrument.js';
import type { RandomStream } from '../domain/ports.js';
import { backtest } from './backtest/backtest.js';
import type { Backtest } from './backtest/backtest-record.js';
import { buyAndHold } from './backtest/buy-and-hold.js';
import { gateEvidence } from './evidence.js';
import type { Trials } from './statistics/luck.js';
import { periodsPerYear } from './periods-per-year.js';
import type { PolicyFunction } from './policies/policy.js';
import { regimeName, sessionRegimes } from './regimes.js';

/** A policy under the terms that it was trained for; returns are fractions of its own cash. */
export interface EvaluatedModel {
  readonly policy: PolicyFunction;
  readonly config: EnvironmentConfig;
  /** Horizon in bars that the policy sees. */
  readonly horizon: number;
}

export interface EvaluationOptions {
  readonly bars: BarSeries;
  readonly instrument: Instrument;
  /** What neither model nor any ancestor of theirs ever saw. */
  readonly sessions: readonly BarRange[];
  readonly candidate: EvaluatedModel;
  /** Null when nothing is in production. */
  readonly production: EvaluatedModel | null;
  readonly trials: Trials;
  readonly servable: Omit<Servability, 'commonestActionShare'>;
  readonly gate: GateSettings;
  readonly bootstrapReplicates: number;
  readonly random: RandomStream;
  /** Bars of the first look at the candidate, where this is a later one: bounds then hold for all looks together. */
  readonly firstBars?: number;
  readonly signal?: AbortSignal;
}

/** The evidence with everything that it was computed from. */
export interface Evaluation {
  readonly evidence: GateEvidence;
  readonly candidate: Backtest;
  readonly production: Backtest | null;
  readonly buyAndHold: Backtest;
  readonly stressed: Backtest;
  /** Name of the market's regime in each session. */
  readonly regimes: readonly string[];
}

/**
 * Plays the candidate, the same at stressed costs, production and buy-and-hold on the same sessions at the same costs, and gathers the evidence for
 * the gate. Throws `RangeError` when there are no sessions to play, and the signal's reason when aborted.
 */
export const evaluateModels = async (options: EvaluationOptions): Promise<Evaluation> => {
  const { bars, instrument, sessions, gate } = options;
  const annual = periodsPerYear(bars, sessions);
  const play = ({ policy, config, horizon }: EvaluatedModel, costMultiplier: number): Promise<Backtest> =>
    backtest({ bars, instrument, sessions, policy, config, horizon, costMultiplier, ...(options.signal && { signal: options.signal }) });
  const played = {
    candidate: await play(options.candidate, 1),
    stressed: await play(options.candidate, gate.costStress),
    production: options.production === null ? null : await play(options.production, 1),
    buyAndHold: buyAndHold({ bars, instrument, sessions, config: options.candidate.config }),
    regimes: sessionRegimes(bars, sessions).map(regimeName),
  };
  const { trials, servable, bootstrapReplicates, random, firstBars } = options;
  const later = firstBars === undefined ? {} : { firstBars };
  return {
    ...played,
    evidence: gateEvidence({ ...played, periodsPerYear: annual, trials, servable, gate, bootstrapReplicates, random, ...later }),
  };
};
