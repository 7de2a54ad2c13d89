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

/** What all policies did on the same sessions. */
export interface PlayedContest {
  readonly candidate: Backtest;
  readonly production: Backtest | null;
  readonly buyAndHold: Backtest;
  readonly stressed: Backtest;
  /** Name of the market's regime in each session. */
  readonly regimes: readonly string[];
}

/** The evidence with everything that it was computed from. */
export interface Evaluation extends PlayedContest {
  readonly evidence: GateEvidence;
}

export type ContestOptions = Pick<EvaluationOptions, 'bars' | 'instrument' | 'sessions' | 'candidate' | 'production' | 'signal'> & {
  readonly gate: Pick<GateSettings, 'costStress'>;
};

/**
 * Plays the candidate, the same at stressed costs, production and buy-and-hold on the same sessions at the same costs. Throws `RangeError` when there
 * are no sessions to play, and the signal's reason when aborted.
 */
export const playContest = async (options: ContestOptions): Promise<PlayedContest> => {
  const { bars, instrument, sessions, gate } = options;
  const play = ({ policy, config, horizon }: EvaluatedModel, costMultiplier: number): Promise<Backtest> =>
    backtest({ bars, instrument, sessions, policy, config, horizon, costMultiplier, ...(options.signal && { signal: options.signal }) });
  return {
    candidate: await play(options.candidate, 1),
    stressed: await play(options.candidate, gate.costStress),
    production: options.production === null ? null : await play(options.production, 1),
    buyAndHold: buyAndHold({ bars, instrument, sessions, config: options.candidate.config }),
    regimes: sessionRegimes(bars, sessions).map(regimeName),
  };
};

/** Plays the contest, and gathers the evidence for the gate. Throws as `playContest`. */
export const evaluateModels = async (options: EvaluationOptions): Promise<Evaluation> => {
  const { bars, sessions, gate, trials, servable, bootstrapReplicates, random, firstBars } = options;
  const played = await playContest(options);
  const later = firstBars === undefined ? {} : { firstBars };
  const measured = {
    periodsPerYear: periodsPerYear(bars, sessions, options.candidate.config.regime),
    trials,
    servable,
    gate,
    bootstrapReplicates,
    random,
    ...later,
  };
  return { ...played, evidence: gateEvidence({ ...played, ...measured }) };
};
