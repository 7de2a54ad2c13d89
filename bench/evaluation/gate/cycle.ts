import { judge } from '../../../src/domain/gate/judge.js';
import type { GateDecision, GateEvidence, GateProfile, GateSettings } from '../../../src/domain/gate/types.js';
import type { RandomStream } from '../../../src/domain/ports.js';
import { gateEvidence } from '../../../src/evaluation/evidence.js';
import { measureLuck, type Trials } from '../../../src/evaluation/statistics/luck.js';
import { regimeName, sessionRegimes } from '../../../src/evaluation/regimes.js';
import { createRandom } from '../../../src/learning/random.js';
import { backtestOf } from '../../../test/support/evaluation/backtest-of.js';
import { settings } from '../../../test/support/evaluation/gate-evidence.js';

export const DAYS_PER_YEAR = 252;
/** Annual volatility of every policy's returns; drawdowns are in proportion to it. */
export const VOLATILITY = 0.1;
export const CORRELATION = 0.9;
/** Mean length in days of the blocks that market returns are drawn in. */
const BLOCK = 20;
/** Days of the market that tell a day's regime. */
export const MONTH = 21;

export interface CycleOptions {
  readonly seed: number;
  /** Standardised daily returns that blocks are drawn from. */
  readonly market: Float64Array;
  readonly bars: number;
  /** True annual Sharpe ratios. */
  readonly production: number;
  readonly candidate: number;
  readonly bootstrapReplicates: number;
}

/** One candidate against production, before the gate. */
export interface Cycle {
  /** What the gate says to it in a profile, when it is the last of so many trials. */
  readonly decide: (profile: GateProfile, trials: number) => GateDecision;
}

/**
 * Draws two policies' days from the market's by a stationary bootstrap, so that tails and calm and wild times are real: nine tenths of the variance
 * of each are the same days, the rest its own; what the market earns is drawn apart. Costs are none, so no rule about them helps. The trials before
 * have no skill.
 */
export const drawCycle = (options: CycleOptions): Cycle => {
  const { seed, market, bars, production, candidate, bootstrapReplicates } = options;
  const random = createRandom(seed, `cycle of ${bars}`);
  const common = resample(market, bars, random);
  const daily = VOLATILITY / Math.sqrt(DAYS_PER_YEAR);
  const policy = (annualSharpe: number): Float64Array => {
    const own = resample(market, bars, random);
    const drift = annualSharpe / Math.sqrt(DAYS_PER_YEAR);
    return own.map((value, day) => daily * (drift + Math.sqrt(CORRELATION) * common[day]! + Math.sqrt(1 - CORRELATION) * value));
  };
  const played = { candidate: backtestOf(policy(candidate), 1), production: backtestOf(policy(production), 1) };
  const traded = resample(market, bars + MONTH, random).map((value) => value * daily);
  const shared = {
    ...played,
    stressed: played.candidate,
    buyAndHold: backtestOf(traded.slice(MONTH), 1),
    regimes: monthlyRegimes(traded),
    periodsPerYear: DAYS_PER_YEAR,
    servable: { loads: true, p99LatencyMs: 1, finite: true },
    bootstrapReplicates,
  };
  const without = createRandom(seed, 'other trials');
  const others = Array.from({ length: 32 }, () => without.normal() / Math.sqrt(bars));
  const measured = new Map<number, GateEvidence>();
  const evidenceFor = (gate: GateSettings, confidence: number): GateEvidence => {
    const known = measured.get(confidence);
    if (known !== undefined) return known;
    const found = gateEvidence({ ...shared, gate, trials: { count: 1, sharpes: [] }, random: createRandom(seed, 'bootstrap') });
    measured.set(confidence, found);
    return found;
  };
  return {
    decide(profile, count) {
      const gate = settings({ profile });
      const evidence = evidenceFor(gate, profile === 'strict' ? 0.95 : 0.9);
      const own = evidence.luck.sharpe ?? 0;
      return judge(withTrials(evidence, played.candidate.returns, { count, sharpes: [own, ...others.slice(0, count - 1)] }, gate), gate);
    },
  };
};

/** The same evidence with another number of trials, which nothing but luck depends on. */
const withTrials = (evidence: GateEvidence, returns: Float64Array, trials: Trials, { minDsr }: GateSettings): GateEvidence => {
  const { dsr, inputs, barsNeeded } = measureLuck(returns, trials, minDsr);
  return { ...evidence, dsr, luck: inputs, barsNeeded, trials: trials.count };
};

/** A stationary bootstrap (Politis & Romano 1994): blocks of geometric length from anywhere, going round at the end. */
export const resample = (market: Float64Array, bars: number, random: RandomStream): Float64Array => {
  let at = random.integer(market.length);
  return Float64Array.from({ length: bars }, () => {
    at = random.uniform() < 1 / BLOCK ? random.integer(market.length) : (at + 1) % market.length;
    return market[at]!;
  });
};

/** The regime of each day but the first month, by the month that ends with it. */
export const monthlyRegimes = (returns: Float64Array): string[] => {
  let price = 0;
  const close = Float64Array.from(returns, (value) => Math.exp((price += value)));
  const months = Array.from({ length: returns.length - MONTH }, (_, day) => ({ from: day, to: day + MONTH + 1 }));
  return sessionRegimes({ close }, months).map(regimeName);
};
