import type { GateEvidence, GateSettings, PairedDifference, PolicyScore } from '../../../src/domain/gate/types.js';

/** The defaults of the configuration, in the profile that a test asks for. */
export const settings = (changed: Partial<GateSettings> = {}): GateSettings => ({
  profile: 'balanced',
  minImprovement: 0.1,
  sharpeFloor: 0.5,
  minDsr: 0.95,
  minTrades: 30,
  evaluationEpisodes: 10,
  maxDrawdownSlack: 0.02,
  costStress: 2,
  maxForgetting: 0.05,
  servingLatencyMs: 20,
  ...changed,
});

export const score = (changed: Partial<PolicyScore> = {}): PolicyScore => ({
  sharpe: 1,
  totalReturn: 0.1,
  maxDrawdown: 0.05,
  trades: 400,
  turnover: 0.1,
  winRate: 0.5,
  profitFactor: 1.2,
  ...changed,
});

export const difference = (estimate: number | null, lower: number | null, upper: number | null, confidence = 0.95): PairedDifference => ({
  estimate,
  lower,
  upper,
  confidence,
});

/** Evidence that passes every rule of every profile; a test changes what it is about. */
export const evidence = (changed: Partial<GateEvidence> = {}): GateEvidence => ({
  bars: 10_000,
  sessions: 50,
  periodsPerYear: 50_400,
  candidate: score({ sharpe: 2 }),
  production: score(),
  difference: difference(1, 0.4, 1.6),
  baselines: {
    cash: { score: score({ sharpe: 0, totalReturn: 0, maxDrawdown: 0, trades: 0 }), difference: difference(2, 1, 3) },
    buyAndHold: { score: score({ sharpe: 0.5, maxDrawdown: 0.08 }), difference: difference(1.5, 0.7, 2.3) },
  },
  stressedSharpe: 1.5,
  stressedReturn: 0.08,
  dsr: 0.99,
  luck: { sharpe: 0.0089, skewness: -0.1, kurtosis: 4, trialVariance: 0.0001, expectedMaximum: 0 },
  barsNeeded: 0,
  trials: 1,
  forgetting: 0,
  servable: { loads: true, p99LatencyMs: 1, finite: true, commonestActionShare: 0.4 },
  costs: {
    candidate: {
      gross: 9_000,
      fee: 300,
      spread: 400,
      slippage: 250,
      impact: 50,
      net: 8_000,
      traded: 5_000_000,
      paidBps: 2,
      breakEvenBps: 18,
    },
    production: null,
  },
  returnHashes: { candidate: 'a', production: 'b', stressed: 'c', cash: 'd', buyAndHold: 'e' },
  ...changed,
});
