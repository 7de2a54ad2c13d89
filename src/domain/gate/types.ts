import type { Costs } from '../costs.js';

/** The numbers that a gate decision rests on. Per-bar returns are net of all costs, on the same bars for both. Non-finite numbers are null. */
export interface GateEvidence {
  /** Evaluation bars and held-out sessions. */
  readonly bars: number;
  readonly sessions: number;
  /** Close of the last of these bars, ISO 8601; absent in decisions of before this was kept. */
  readonly to?: string;
  /** Held-out sessions that are not among these, because a model or an ancestor of it has learned from them; absent when there are none. */
  readonly refused?: RefusedSessions;
  readonly periodsPerYear: number;
  readonly candidate: PolicyScore;
  /** Null when nothing is in production: the candidate is then compared with staying in cash. */
  readonly production: PolicyScore | null;
  /** Paired difference of annualised Sharpe ratios, candidate - production (or cash), with its one-sided bounds at `confidence`. */
  readonly difference: PairedDifference;
  readonly baselines: Readonly<Record<BaselineName, BaselineComparison>>;
  /** Annualised Sharpe and total return of the candidate with costs multiplied by the stress factor. */
  readonly stressedSharpe: number | null;
  readonly stressedReturn: number | null;
  /** Deflated Sharpe ratio: the probability that the candidate's Sharpe is not the luckiest of `trials`. */
  readonly dsr: number | null;
  /** What the deflated Sharpe ratio was computed from, per bar. */
  readonly luck: LuckInputs;
  /** Bars still needed for the minimum track record at the current number of trials; null if unattainable. */
  readonly barsNeeded: number | null;
  readonly trials: number;
  /** Share of production's profit in its good windows that the candidate is shown to give up, 0 when there is no production. */
  readonly forgetting: number | null;
  readonly servable: Servability;
  /** Where the profit went; absent in decisions of before this was kept, as `regimes` is. */
  readonly costs?: { readonly candidate: CostBreakdown; readonly production: CostBreakdown | null };
  /** The same returns by the market's regime (volatility × trend), in order of its name. */
  readonly regimes?: { readonly candidate: readonly RegimeSlice[]; readonly production: readonly RegimeSlice[] | null };
  /** SHA-256 of each per-bar return series (little-endian float64), so that the decision can be recomputed from the same numbers. */
  readonly returnHashes: Readonly<Record<'candidate' | 'stressed' | BaselineName, string>> & { readonly production: string | null };
}

/** Sessions that nothing is judged on, and why. */
export interface RefusedSessions {
  readonly count: number;
  readonly reason: string;
}

export type BaselineName = 'cash' | 'buyAndHold';

export interface BaselineComparison {
  readonly score: PolicyScore;
  /** Candidate - baseline. */
  readonly difference: PairedDifference;
}

/** One policy over the evaluation; returns are on fixed capital, so they add up. */
export interface PolicyScore {
  /** Annualised; 0 for a policy that never left cash, null when it cannot be measured (returns that do not vary). */
  readonly sharpe: number | null;
  /** Sum of net returns, as a fraction of cash. */
  readonly totalReturn: number;
  /** Deepest fall from a peak of equity, as a positive fraction of cash. */
  readonly maxDrawdown: number;
  readonly trades: number;
  /** Traded notional per bar, as a fraction of cash. */
  readonly turnover: number;
  readonly winRate: number | null;
  readonly profitFactor: number | null;
}

/** A policy's profit and what was paid for it, in currency: gross - fee - spread - slippage - impact = net. */
export interface CostBreakdown extends Costs {
  readonly gross: number;
  readonly net: number;
  /** Notional that changed hands. */
  readonly traded: number;
  /** All costs in basis points of what was traded, and what they could be until the same fills earn nothing; null when nothing was traded. */
  readonly paidBps: number | null;
  readonly breakEvenBps: number | null;
}

/** How a policy did in one kind of market. */
export interface RegimeSlice {
  readonly regime: string;
  readonly sessions: number;
  readonly bars: number;
  /** Sum of net returns, as a fraction of cash. */
  readonly totalReturn: number;
  /** Annualised; null where it is not defined. */
  readonly sharpe: number | null;
}

export interface PairedDifference {
  readonly estimate: number | null;
  /** Bounds that the true difference exceeds, or stays under, with probability `confidence` each. */
  readonly lower: number | null;
  readonly upper: number | null;
  readonly confidence: number;
  /** Present where the bounds hold for every look at a challenger together. */
  readonly everyLook?: true;
}

export interface LuckInputs {
  /** Per-bar Sharpe of the candidate, its returns' skewness and (non-excess) kurtosis. */
  readonly sharpe: number | null;
  readonly skewness: number | null;
  readonly kurtosis: number | null;
  /** Variance of the trials' per-bar Sharpe ratios, and the largest to be expected of that many without skill. */
  readonly trialVariance: number;
  readonly expectedMaximum: number;
}

export interface Servability {
  readonly loads: boolean;
  readonly p99LatencyMs: number | null;
  readonly finite: boolean;
  /** Share of the commonest joint action over the evaluation. */
  readonly commonestActionShare: number;
}

export type Verdict = 'PROMOTE' | 'HOLD' | 'REJECT';

export type GateProfile = 'simple' | 'balanced' | 'strict';

/** What a candidate must show: the `gate` section of the configuration, and how many sessions can prove anything (`evaluation.evaluation_episodes`). */
export interface GateSettings {
  readonly profile: GateProfile;
  readonly minImprovement: number;
  readonly sharpeFloor: number;
  /** One-sided confidence of the bounds; by default that of the profile. */
  readonly confidence?: number | undefined;
  readonly minDsr: number;
  readonly minTrades: number;
  readonly evaluationEpisodes: number;
  readonly maxDrawdownSlack: number;
  readonly costStress: number;
  readonly maxForgetting: number;
  readonly servingLatencyMs: number;
}

/** What one rule found. */
export interface RuleFinding {
  /** What the rule asks for when it fails; `PROMOTE` when it passed. */
  readonly verdict: Verdict;
  /** Measured number, bound, and one sentence for a person. */
  readonly value: number | null;
  readonly bound: number | null;
  readonly reason: string;
  /** When held: about how many more bars would settle it; null when no number of bars would, or none can be named. */
  readonly barsNeeded: number | null;
}

/** A rule of the gate: pure, one file of `rules/` and one line of the table in `rules.ts`. */
export type GateRule = (evidence: GateEvidence, settings: GateSettings) => RuleFinding;

export interface RuleOutcome extends RuleFinding {
  readonly rule: string;
  readonly passed: boolean;
  /** Whether the profile asks for this rule; the others are reported and do not count. */
  readonly binding: boolean;
}

export interface GateDecision {
  readonly verdict: Verdict;
  readonly profile: GateProfile;
  readonly rules: readonly RuleOutcome[];
  /** When held: about how many more bars would settle every rule that holds; null when not held or not to be told. */
  readonly barsNeeded: number | null;
  /** One sentence: why. */
  readonly summary: string;
}
