import { alwaysValidMargin } from '../domain/gate/challenger/always-valid.js';
import { gateConfidence } from '../domain/gate/profiles.js';
import type { GateEvidence, GateSettings, PairedDifference, Servability } from '../domain/gate/types.js';
import type { RandomStream } from '../domain/ports.js';
import type { Backtest } from './backtest/backtest-record.js';
import { bootstrapSharpeDifference } from './statistics/bootstrap.js';
import { costBreakdown } from './backtest/cost-breakdown.js';
import { measureForgetting } from './forgetting.js';
import { measureLuck, type Trials } from './statistics/luck.js';
import { commonestActionShare, finiteOrNull, policyScore, sharpeOrCash } from './policy-score.js';
import { regimeSlices } from './regime-slices.js';
import { returnHash } from './backtest/return-hash.js';

export interface EvidenceOptions {
  readonly candidate: Backtest;
  /** Null when nothing is in production. */
  readonly production: Backtest | null;
  readonly buyAndHold: Backtest;
  /** The candidate at `costStress` times the costs. */
  readonly stressed: Backtest;
  /** Name of the market's regime in each session. */
  readonly regimes: readonly string[];
  readonly periodsPerYear: number;
  readonly trials: Trials;
  /** As measured by the policy server. */
  readonly servable: Omit<Servability, 'commonestActionShare'>;
  readonly gate: Pick<GateSettings, 'profile' | 'confidence' | 'minDsr'>;
  readonly bootstrapReplicates: number;
  readonly random: RandomStream;
  /** Bars of the first look at the candidate, where this is a later one: bounds then hold for all looks together. */
  readonly firstBars?: number;
}

/**
 * Everything that the gate decides on, out of backtests of the same sessions: scores, paired differences from production (or cash) and from the
 * baselines at the profile's confidence, luck, forgetting. Throws `RangeError` when the backtests are not of the same bars.
 */
export const gateEvidence = (options: EvidenceOptions): GateEvidence => {
  const { candidate, production, buyAndHold, stressed, periodsPerYear, trials } = options;
  assertSameBars(options);
  const bars = candidate.returns.length;
  const confidence = gateConfidence(options.gate);
  const cash = new Float64Array(bars);
  const difference = (reference: Float64Array): PairedDifference => pairedDifference(options, reference, confidence);
  const fromCash = difference(cash);
  const luck = measureLuck(candidate.returns, trials, options.gate.minDsr);
  const flat = { sharpe: 0, totalReturn: 0, maxDrawdown: 0, trades: 0, turnover: 0, winRate: null, profitFactor: null };
  return {
    bars,
    sessions: candidate.sessions.length,
    periodsPerYear,
    candidate: policyScore(candidate, periodsPerYear),
    production: production === null ? null : policyScore(production, periodsPerYear),
    difference: production === null ? fromCash : difference(production.returns),
    baselines: {
      cash: { score: flat, difference: fromCash },
      buyAndHold: { score: policyScore(buyAndHold, periodsPerYear), difference: difference(buyAndHold.returns) },
    },
    stressedSharpe: finiteOrNull(sharpeOrCash(stressed.returns, periodsPerYear)),
    stressedReturn: finiteOrNull(stressed.returns.reduce((sum, value) => sum + value, 0)),
    dsr: luck.dsr,
    luck: luck.inputs,
    barsNeeded: luck.barsNeeded,
    trials: trials.count,
    forgetting: production === null ? 0 : forgottenShare(candidate, production, options.regimes, confidence),
    servable: { ...options.servable, commonestActionShare: commonestActionShare(candidate.actions) },
    costs: { candidate: costBreakdown(candidate), production: production === null ? null : costBreakdown(production) },
    regimes: {
      candidate: regimeSlices(candidate, options.regimes, periodsPerYear),
      production: production === null ? null : regimeSlices(production, options.regimes, periodsPerYear),
    },
    returnHashes: {
      candidate: returnHash(candidate.returns),
      production: production === null ? null : returnHash(production.returns),
      stressed: returnHash(stressed.returns),
      cash: returnHash(cash),
      buyAndHold: returnHash(buyAndHold.returns),
    },
  };
};

const pairedDifference = (
  { candidate, periodsPerYear, bootstrapReplicates: replicates, random, firstBars }: EvidenceOptions,
  reference: Float64Array,
  confidence: number,
): PairedDifference => {
  const found = bootstrapSharpeDifference({ candidate: candidate.returns, reference, replicates, confidence, random });
  const annual = (value: number): number | null => finiteOrNull(value * Math.sqrt(periodsPerYear));
  if (firstBars === undefined)
    return { estimate: annual(found.estimate), lower: annual(found.lower), upper: annual(found.upper), confidence };
  const { estimate, standardError } = found;
  const margin = alwaysValidMargin({ standardError, bars: candidate.returns.length, firstBars, confidence });
  return { estimate: annual(estimate), lower: annual(estimate - margin), upper: annual(estimate + margin), confidence, everyLook: true };
};

const forgottenShare = (candidate: Backtest, production: Backtest, regimes: readonly string[], confidence: number): number | null =>
  finiteOrNull(
    measureForgetting({ candidate: candidate.sessionReturns, production: production.sessionReturns, regimes, confidence }).shown,
  );

const assertSameBars = ({ candidate, production, buyAndHold, stressed, regimes }: EvidenceOptions): void => {
  const { sessions } = candidate;
  for (const other of [production, buyAndHold, stressed]) {
    if (other === null) continue;
    const same =
      other.sessions.length === sessions.length &&
      other.sessions.every(({ from, to }, i) => from === sessions[i]!.from && to === sessions[i]!.to);
    if (!same)
      throw new RangeError(
        `the backtests are of different bars (${sessions.length} and ${other.sessions.length} sessions): expected the same sessions for all`,
      );
  }
  if (regimes.length !== sessions.length)
    throw new RangeError(`${regimes.length} regimes for ${sessions.length} sessions: expected one for each`);
};
