/** The numbers that a gate decision rests on. Per-bar returns are net of all costs, on the same bars for both. Non-finite numbers are null. */
export interface GateEvidence {
  /** Evaluation bars and held-out sessions. */
  readonly bars: number;
  readonly sessions: number;
  readonly periodsPerYear: number;
  readonly candidate: PolicyScore;
  /** Null when nothing is in production: the candidate is then compared with staying in cash. */
  readonly production: PolicyScore | null;
  /** Paired difference of annualised Sharpe ratios, candidate - production (or cash), with its one-sided bounds at `confidence`. */
  readonly difference: PairedDifference;
  readonly baselines: Readonly<Record<'cash' | 'buyAndHold', PairedDifference>>;
  /** Annualised Sharpe of the candidate with costs multiplied by the stress factor. */
  readonly stressedSharpe: number | null;
  readonly stressedReturn: number | null;
  readonly dsr: number | null;
  /** Bars still needed for the minimum track record at the current number of trials; null if unattainable. */
  readonly barsNeeded: number | null;
  readonly trials: number;
  /** Loss on production's good windows, 0 when there is no production. */
  readonly forgetting: number | null;
  readonly servable: Servability;
}

export interface PolicyScore {
  readonly sharpe: number | null;
  readonly totalReturn: number;
  readonly maxDrawdown: number;
  readonly trades: number;
  readonly turnover: number;
  readonly winRate: number | null;
  readonly profitFactor: number | null;
}

export interface PairedDifference {
  readonly estimate: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly confidence: number;
}

export interface Servability {
  readonly loads: boolean;
  readonly p99LatencyMs: number | null;
  readonly finite: boolean;
  /** Share of the commonest joint action over the evaluation. */
  readonly commonestActionShare: number;
}

export type Verdict = 'PROMOTE' | 'HOLD' | 'REJECT';

export interface RuleOutcome {
  readonly rule: string;
  readonly passed: boolean;
  /** What the rule asks for when it fails; `PROMOTE` when it passed. */
  readonly verdict: Verdict;
  /** Measured number, bound, and one sentence for a person. */
  readonly value: number | null;
  readonly bound: number | null;
  readonly reason: string;
}

export interface GateDecision {
  readonly verdict: Verdict;
  readonly profile: 'simple' | 'balanced' | 'strict';
  readonly rules: readonly RuleOutcome[];
  /** One sentence: why. */
  readonly summary: string;
}
